import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * Maximum length of a socket's path. `sun_path` has 104 bytes on macOS and 108 on Linux, including
 * the final zero byte.
 */
const LONGEST_SOCKET_PATH_BYTES = 103

const PRIVATE_FOLDER = 0o700
const FOLDER_PREFIX = 'automate-tui-'
const SOCKET_NAME = 's'

/**
 * Creates a new address that cannot be guessed: a socket in a private folder of its own, or a named
 * pipe. On Linux the folder is created in `home` if its path is short enough, because programs that
 * clean up temporary folders do not touch `home`.
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
      // The folder may be read-only, full, or owned by another user.
      thrown ??= error
    }
  }
  throw thrown
}

const fits = (base: string): boolean =>
  Buffer.byteLength(join(base, `${FOLDER_PREFIX}XXXXXX`, SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES

/**
 * Removes an address that `makeAddress` created, and nothing else. Called by an owner when it ends,
 * or by the next owner if the previous one was killed.
 */
export function removeAddress(address: string): void {
  const folder = dirname(address)
  if (process.platform === 'win32') return
  if (basename(address) !== SOCKET_NAME || !basename(folder).startsWith(FOLDER_PREFIX)) return
  try {
    rmSync(address, { force: true })
    rmdirSync(folder)
  } catch {
    // It has been removed already, or this user may not remove it.
  }
}
