import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Every file under a folder that holds a text, or its base64, relative to it. */
export function filesWith(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => {
    const path = join(folder, name)
    // What goes away while it is looked for holds nothing any more.
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true && holds(path, secret)
  })
}

/** Every process of this machine whose arguments or environment hold a text. Linux. */
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
