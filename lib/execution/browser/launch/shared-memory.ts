import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Linux's own folder for shared memory: its files are memory, and never reach a disk. */
const MEMORY = '/dev/shm'

/**
 * Free space that counts as ample. A Chrome needs some 64 MB by rule of thumb, and other processes
 * may take space at the same time. The `/dev/shm` of a container has 64 MB in all.
 */
const AMPLE_BYTES = 1024 ** 3

/**
 * Returns the folder in which the processes of a new Chrome should share memory, on Linux:
 * `/dev/shm` if it has ample room, else the temporary folder. In the temporary folder each piece is
 * a file on the disk, some five for every document: a tenth of a job's total cost.
 */
export function sharedMemoryFolder(): string {
  try {
    return freeBytes(MEMORY) >= AMPLE_BYTES ? MEMORY : tmpdir()
  } catch {
    // A container may lack the folder.
    return tmpdir()
  }
}

/** True if Chrome needs an argument to avoid `/dev/shm`. */
export function avoidsDevShm(): boolean {
  return process.platform === 'linux' && sharedMemoryFolder() !== MEMORY
}

/**
 * Returns the free bytes of a folder.
 * @throws The system's error if the folder cannot be checked.
 */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
