/**
 * Start of the bytes that SQLite itself locks (its pending, reserved and shared bytes), so that
 * another SQLite sees "database is locked".
 */
export const LOCKED_FROM = 0x40000000
export const LOCKED_LENGTH = 512

/** An exclusive kernel lock on a file, released at the end of this process at the latest. */
export interface FileLock {
  release(): void
}

/** Takes the lock on the existing file `path`, or returns undefined if another process holds it. */
export type RangeLock = (path: string) => FileLock | undefined
