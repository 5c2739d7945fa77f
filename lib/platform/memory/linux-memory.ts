import { readFileSync, readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { statFields } from '../process/process-identity.ts'
import { HELD } from './shared-files.ts'
import type { Files, SharedFiles } from './shared-files.ts'

const BYTES_A_KIBIBYTE = 1024

/** Length of a clock tick in /proc: a hundredth of a second on every Linux (`getconf CLK_TCK`). */
const MS_A_TICK = 10

interface ProcessUse {
  readonly own: number
  /** Bytes of file-backed pages, such as the program's code. */
  readonly file: number
  /** Bytes of shared memory. */
  readonly shared: number
  readonly cpuMs: number
}

/** Memory and processor time of a process tree on Linux, in bytes and milliseconds. */
export interface LinuxMemory {
  readonly pids: ReadonlySet<number>
  /** Lower bound of the memory used. */
  readonly bytes: number
  /**
   * Upper bound of the memory used. Shared memory counts once for each process that maps it, and
   * once more if it is held open.
   */
  readonly mostBytes: number
  readonly cpuMs: number
  /**
   * Memory that is certainly not counted twice: own memory, the file pages of the process with the
   * most of them, and files that are held open.
   */
  readonly sureBytes: number
  readonly held: Files
}

/**
 * Returns the memory of the process `root` and its descendants; undefined if the process has ended.
 * The memory counters of a process do not show which pages it shares with others, so `bytes`
 * includes only the largest share. Reading them takes half a millisecond for a Chrome of six
 * processes.
 */
export async function linuxMemory(root: number, files: SharedFiles): Promise<LinuxMemory | undefined> {
  const pids = linuxTree(root)
  const tree = [...pids].flatMap(pid => readUse(pid) ?? [])
  if (tree.length === 0) return undefined
  const held = await files.heldBy(pids)
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0)
  const heldBytes = sum(held.values())
  const alone = sum(tree.map(use => use.own)) + Math.max(...tree.map(use => use.file))
  const shared = tree.map(use => use.shared)
  return {
    ...{ pids, held },
    bytes: alone + Math.max(heldBytes, ...shared),
    mostBytes: alone + heldBytes + sum(shared),
    sureBytes: alone + heldBytes,
    cpuMs: sum(tree.map(use => use.cpuMs)),
  }
}

/**
 * Returns the memory of a process tree in bytes, with every page counted once. Adds the shared
 * memory that is mapped but that no process holds open. For this the kernel walks all pages and
 * divides each by the processes that map it, which takes some ten milliseconds for a large process.
 * A process with unreadable maps adds nothing.
 */
export async function exactBytes({ pids, sureBytes, held }: LinuxMemory): Promise<number> {
  let bytes = sureBytes
  for (const pid of pids) {
    bytes += mappedOnly(pid, held)
    await setImmediate()
  }
  return bytes
}

/**
 * Matches the first line of a mapping, `7f00-7f10 rw-s 00000000 00:01 1234 /dev/shm/x (deleted)`,
 * and captures device and inode, and the path.
 */
const MAPPING = /^[\da-f]+-[\da-f]+ \S+ \S+ (\S+ \d+) +(.*)$/

/**
 * Matches the proportional share of a mapping that is in memory or swapped out: its size divided by
 * the number of processes that map it.
 */
const SHARE = /^(?:Pss|SwapPss): +(\d+) kB$/

function mappedOnly(pid: number, held: Files): number {
  let counts = false
  let kibibytes = 0
  for (const line of linesOf(`/proc/${pid}/smaps`)) {
    const [, key = '', path = ''] = MAPPING.exec(line) ?? []
    if (key !== '') counts = HELD.test(path) && !held.has(key)
    else if (counts) kibibytes += Number(SHARE.exec(line)?.[1] ?? 0)
  }
  return kibibytes * BYTES_A_KIBIBYTE
}

/**
 * Returns the lines of a file in /proc; none if its process or thread has ended since it was
 * listed.
 */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

function linuxTree(root: number): Set<number> {
  const found = new Set<number>()
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid)) continue
    found.add(pid)
    open.push(...childrenOf(pid))
  }
  return found
}

/**
 * Returns the children of a process. Linux lists a child under the thread that created it, and any
 * thread of Chrome may do so, so all threads are read.
 */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap(thread =>
    linesOf(`/proc/${pid}/task/${thread}/children`)
      .flatMap(line => line.split(' '))
      .filter(text => text !== '')
      .map(Number),
  )
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    // The process has ended.
    return []
  }
}

/**
 * Returns the memory of a process that only it uses (in memory or swapped out), the memory that it
 * may share (proc_pid_status(5)), and its processor time (proc_pid_stat(5)). Returns undefined if
 * the process has ended.
 */
function readUse(pid: number): ProcessUse | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_A_KIBIBYTE
    // Fields 14 to 17 (the first element is field 3): the times of the process and of its ended
    // children, in user mode and in the kernel.
    const ticks = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      .slice(14 - 3, 18 - 3)
      .map(Number)
    return {
      own: bytes('RssAnon') + bytes('VmSwap'),
      file: bytes('RssFile'),
      shared: bytes('RssShmem'),
      cpuMs: ticks.reduce((sum, each) => sum + each, 0) * MS_A_TICK,
    }
  } catch {
    return undefined
  }
}
