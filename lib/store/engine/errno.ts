import { systemCode } from '../../core/errors/errors.ts'

/** Error numbers of WASI, which Emscripten uses, and therefore SQLite in sql.js. */
export const ERRNO = { EBADF: 8, EIO: 29, ENOENT: 44, EINVAL: 28 } as const

const BY_CODE: ReadonlyMap<string, number> = new Map([
  ['EACCES', 2],
  ['EBADF', ERRNO.EBADF],
  ['EBUSY', 10],
  // The number of ENOSPC, because SQLite reports only that one as a full disk.
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
 * Returns the WASI number of an error that node:fs threw. Returns the number of EIO for an error
 * that has none.
 */
export function errnoOf(thrown: unknown): number {
  return BY_CODE.get(systemCode(thrown) ?? '') ?? ERRNO.EIO
}
