import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * Longest path of a socket. `sun_path` holds 104 bytes on macOS and 108 on Linux, the final zero
 * included.
 */
const LONGEST_SOCKET_PATH_BYTES = 103

const PRIVATE_FOLDER = 0o700
const FOLDER_PREFIX = 'automate-tui-'
const SOCKET_NAME = 's'

/**
 * Makes a new, unguessable address: a socket in a private folder of its own, or a named pipe. On
 * Linux the folder is made in `home` if the path there is short enough, because no cleaner of
 * temporary folders visits `home`.
 */
export function makeAddress(home?: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${FOLDER_PREFIX}${randomBytes(16).toString('hex')}`
  const bases = [
    process.platform === 'linux' ? home : undefined,
    process.env['XDG_RUNTIME_DIR'],
    tmpdir(),
    '/tmp',
  ].filter(base => base !== undefined && base !== '' && existsSync(base) && fits(base))
  let thrown: unknown
  for (const base of bases) {
    try {
      const folder = mkdtempSync(join(base ?? '', FOLDER_PREFIX))
      chmodSync(folder, PRIVATE_FOLDER)
      return join(folder, SOCKET_NAME)
    } catch (error) {
      // Read-only, full, or another user's.
      thrown ??= error
    }
  }
  throw thrown
}

const fits = (base: string): boolean =>
  Buffer.byteLength(join(base, `${FOLDER_PREFIX}XXXXXX`, SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES

/**
 * Removes the address that `makeAddress` made. Called by an owner that ends, and by the next owner
 * after a kill. Touches nothing else.
 */
export function removeAddress(address: string): void {
  const folder = dirname(address)
  if (process.platform === 'win32') return
  if (basename(address) !== SOCKET_NAME || !basename(folder).startsWith(FOLDER_PREFIX)) return
  try {
    rmSync(address, { force: true })
    rmdirSync(folder)
  } catch {
    // Removed already, or not ours to remove.
  }
}
