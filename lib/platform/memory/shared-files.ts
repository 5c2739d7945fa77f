import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** Size of the blocks that `stat` counts. */
const BYTES_A_BLOCK = 512

/**
 * Matches the paths of deleted or unnamed files, such as those of memfd_create(2), and of named
 * files in shared memory.
 */
export const HELD = /^\/dev\/shm\/| \(deleted\)$/

/**
 * Number of calls after which a full check is due in any case, because shared memory that other
 * programs free can hide the growth of ours.
 */
const LOOKS_A_ROUND = 5

/**
 * Size in bytes of the files that processes hold open or map. Keys are device and inode, in the
 * format of /proc/<pid>/smaps.
 */
export type Files = ReadonlyMap<string, number>

/**
 * Files on Linux that use memory or disk space only because processes hold them open. Chrome passes
 * long messages and images between its processes in such files. A file that waits to be read is not
 * mapped by any process, so it is missing in the memory counters of every process. Checking 300
 * descriptors takes some milliseconds, so a check runs only if the shared memory of the whole
 * system has grown, and otherwise at every fifth call.
 */
export class SharedFiles {
  private last: Files = new Map()
  private systemBytes = -Infinity
  private looks = 0

  /**
   * Returns the files that these processes hold open, from the last full check if none is due.
   * Processes that have ended or cannot be read add no files.
   */
  async heldBy(pids: Iterable<number>): Promise<Files> {
    const systemBytes = systemShared()
    // This is also true if the system does not report its shared memory (NaN), so every call is
    // then a full check.
    const hasGrown = !(systemBytes <= this.systemBytes)
    const isDue = this.looks++ % LOOKS_A_ROUND === 0 || hasGrown
    this.systemBytes = systemBytes
    if (isDue) this.last = await filesOf(pids)
    return this.last
  }
}

async function filesOf(pids: Iterable<number>): Promise<Files> {
  const files = new Map<string, number>()
  for (const pid of pids) {
    for (const descriptor of descriptorsOf(pid)) {
      const file = fileAt(`/proc/${pid}/fd/${descriptor}`)
      if (file !== undefined) files.set(file.key, file.bytes)
    }
    // A process may have thousands of descriptors.
    await setImmediate()
  }
  return files
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
  } catch {
    return []
  }
}

function fileAt(path: string): { readonly key: string; readonly bytes: number } | undefined {
  try {
    if (!HELD.test(readlinkSync(path))) return undefined
    const found = statSync(path)
    if (!found.isFile()) return undefined
    return { key: keyOf(found.dev, found.ino), bytes: found.blocks * BYTES_A_BLOCK }
  } catch {
    // The file was closed after the descriptors were listed.
    return undefined
  }
}

/**
 * Returns the key of a file, in the format of proc_pid_maps(5), `00:01 1234`. The device number is
 * split into major and minor as in makedev(3).
 */
function keyOf(dev: number, ino: number): string {
  const hex = (number: number) => number.toString(16).padStart(2, '0')
  return `${hex((dev >>> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >>> 12) & 0xfff00))} ${ino}`
}

/** Returns the shared memory of the whole system in KiB; NaN if the system does not report it. */
function systemShared(): number {
  try {
    return Number(/^Shmem:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
  } catch {
    return NaN
  }
}
