import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** Size of the blocks that `stat` counts. */
const BYTES_A_BLOCK = 512

/**
 * Paths of files without a name, such as those of memfd_create(2), and of named files in memory.
 */
export const HELD = /^\/dev\/shm\/| \(deleted\)$/

/**
 * Number of checks per full check, because freed shared memory of other programs hides the growth
 * of ours.
 */
const LOOKS_A_ROUND = 5

/**
 * Bytes by file that processes hold open or map. Keys are device and inode as in /proc/<pid>/smaps.
 */
export type Files = ReadonlyMap<string, number>

/**
 * Files on Linux that use memory or disk space only because processes hold them open. Chrome passes
 * long messages and pictures between its processes in such files. No process maps a file that waits
 * to be read, so no process's own numbers include that file. A check of 300 descriptors takes some
 * milliseconds, so the check runs only if the shared memory of the whole system has grown, and
 * otherwise at each fifth call.
 */
export class SharedFiles {
  private last: Files = new Map()
  private systemBytes = -Infinity
  private looks = 0

  /**
   * Returns the files that these processes hold open. Processes that have ended or cannot be read
   * hold none.
   */
  async heldBy(pids: Iterable<number>): Promise<Files> {
    const systemBytes = systemShared()
    // If the system does not report its shared memory, each check is a full check.
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
    // The file was closed after the listing.
    return undefined
  }
}

/**
 * Returns the form of proc_pid_maps(5), `00:01 1234`. The numbers within a device are those of
 * makedev(3).
 */
function keyOf(dev: number, ino: number): string {
  const hex = (number: number) => number.toString(16).padStart(2, '0')
  return `${hex((dev >>> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >>> 12) & 0xfff00))} ${ino}`
}

/** Returns the shared memory of the system; NaN if the system does not report it. */
function systemShared(): number {
  try {
    return Number(/^Shmem:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
  } catch {
    return NaN
  }
}
