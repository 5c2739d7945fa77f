import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/**
 * Linux's own folder for shared memory. Its files are in memory, and are never written to a disk.
 */
const MEMORY = '/dev/shm'

/**
 * Minimum free space of `/dev/shm` for its use. A Chrome needs about 64 MB by rule of thumb, and
 * other processes may take space at the same time. The `/dev/shm` of a container has 64 MB in all.
 */
const AMPLE_BYTES = 1024 ** 3

/**
 * Returns the folder in which the processes of a new Chrome should share memory, on Linux:
 * `/dev/shm` if it has ample free space, otherwise the temporary folder. In the temporary folder
 * each piece of shared memory is a file on the disk. Every document needs about five of these
 * files, which take a tenth of a job's total cost.
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
 * Returns the free space of a folder's file system in bytes.
 * @throws The system's error if the folder cannot be checked.
 */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
