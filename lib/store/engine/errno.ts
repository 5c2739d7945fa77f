import { systemCode } from '../../core/errors/errors.ts'

/** Error numbers of WASI, which Emscripten uses, and with it the SQLite inside sql.js. */
export const ERRNO = { EBADF: 8, EIO: 29, ENOENT: 44, EINVAL: 28 } as const

const BY_CODE: ReadonlyMap<string, number> = new Map([
  ['EACCES', 2],
  ['EBADF', ERRNO.EBADF],
  ['EBUSY', 10],
  // Same number as ENOSPC, the only one that SQLite reports as a full disk.
  ['EDQUOT', 51],
  ['EEXIST', 20],
  ['EFBIG', 22],
  ['EINVAL', ERRNO.EINVAL],
  ['EIO', ERRNO.EIO],
  ['EISDIR', 31],
  ['EMFILE', 33],
  ['ENFILE', 41],
  ['ENOENT', ERRNO.ENOENT],
  ['ENOSPC', 51],
  ['ENOTDIR', 54],
  ['EPERM', 63],
  ['EROFS', 69],
])

/**
 * Returns the number for an error of node:fs. An error without a number of its own is an
 * input/output error.
 */
export function errnoOf(thrown: unknown): number {
  return BY_CODE.get(systemCode(thrown) ?? '') ?? ERRNO.EIO
}
