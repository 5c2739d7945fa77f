import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Linux's own place for it: files there are memory, and never reach a disk. */
const MEMORY = '/dev/shm'

/** A Chrome needs some 64 MB of it, by rule of thumb; others may take theirs at the same time. The one of a container holds 64 MB for all. */
const AMPLE_BYTES = 1024 ** 3

/**
 * Where the processes of a Chrome that starts now are to share memory, on Linux: `/dev/shm` where there is ample room, else the temporary folder. There each piece is a
 * file on the disk, some five for every document: a tenth of what a job costs in all.
 */
export function sharedMemoryFolder(): string {
  try {
    return freeBytes(MEMORY) >= AMPLE_BYTES ? MEMORY : tmpdir()
  } catch {
    // A container may have none.
    return tmpdir()
  }
}

/** Tells whether Chrome has to be told to leave `/dev/shm` alone. */
export function avoidsDevShm(): boolean {
  return process.platform === 'linux' && sharedMemoryFolder() !== MEMORY
}

/** Throws the system's error where the folder cannot be asked. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
