import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Returns the relative paths of all files in a folder that contain a text, plain or as base64. */
export function filesWith(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => {
    const path = join(folder, name)
    // A file that is removed during the search contains nothing.
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true && holds(path, secret)
  })
}

/**
 * Returns the pids of all processes that have a text in their arguments or their environment. Linux
 * only.
 */
export function processesWith(secret: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => ['cmdline', 'environ'].some(part => holds(`/proc/${pid}/${part}`, secret)))
    .map(Number)
}

function holds(path: string, secret: string): boolean {
  try {
    const content = readFileSync(path)
    return (
      content.includes(secret) || content.includes(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    )
  } catch {
    return false
  }
}
