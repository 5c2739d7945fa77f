/**
 * Offset of the bytes that SQLite itself locks (its pending, reserved and shared bytes). Another
 * program that opens the database with SQLite therefore gets "database is locked".
 */
export const LOCKED_FROM = 0x40000000
export const LOCKED_LENGTH = 512

/** An exclusive kernel lock on a file. The kernel releases it when this process ends. */
export interface FileLock {
  release(): void
}

/** Takes the lock on the existing file `path`, or returns undefined if another process holds it. */
export type RangeLock = (path: string) => FileLock | undefined
