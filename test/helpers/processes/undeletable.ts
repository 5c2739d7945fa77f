import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

/**
 * Puts an object into a folder that the system refuses to remove: on Windows the working directory
 * of a process, for root an immutable file, and otherwise a read-only folder. Returns a function
 * that makes it removable again and that also runs at the end of the test. Returns undefined if
 * root's file system does not support immutable files.
 */
export function makeUndeletable(
  t: Pick<Test, 'teardown'>,
  folder: string,
): (() => Promise<void>) | undefined {
  const inner = join(folder, 'held')
  const file = join(inner, 'file')
  mkdirSync(inner)
  writeFileSync(file, '')
  if (process.platform === 'win32') return holdOpen(t, inner)
  if (process.getuid?.() !== 0)
    return lock(
      t,
      () => chmodSync(inner, 0o500),
      () => chmodSync(inner, 0o700),
    )
  const chattr = (sign: string) => execFileSync('chattr', [`${sign}i`, file], { stdio: 'ignore' })
  try {
    return lock(
      t,
      () => chattr('+'),
      () => chattr('-'),
    )
  } catch {
    return undefined
  }
}

function lock(t: Pick<Test, 'teardown'>, shut: () => void, open: () => void): () => Promise<void> {
  shut()
  let locked = true
  const free = () => {
    if (locked) open()
    locked = false
    return Promise.resolve()
  }
  t.teardown(free)
  return free
}

function holdOpen(t: Pick<Test, 'teardown'>, folder: string): () => Promise<void> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { cwd: folder, stdio: 'pipe' })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const free = () => {
    child.kill()
    return ended
  }
  t.teardown(free)
  return free
}
