/** The bytes that SQLite itself locks (its pending, reserved and shared bytes): another SQLite sees "database is locked". */
export const LOCKED_FROM = 0x40000000
export const LOCKED_LENGTH = 512

/** An exclusive lock of the kernel on a file; it ends with this process at the latest. */
export interface FileLock {
  release(): void
}

/** Takes the lock on `path`, which exists, or answers undefined when another holds it. */
export type RangeLock = (path: string) => FileLock | undefined
