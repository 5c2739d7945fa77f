import { readFileSync, readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { statFields } from '../process/process-identity.ts'
import { HELD } from './shared-files.ts'
import type { Files, SharedFiles } from './shared-files.ts'

const BYTES_A_KIBIBYTE = 1024

/** Length of a tick of /proc: a hundredth of a second on every Linux (`getconf CLK_TCK`). */
const MS_A_TICK = 10

interface ProcessUse {
  readonly own: number
  /** Pages of files, such as the program's. */
  readonly file: number
  /** Pages of shared memory. */
  readonly shared: number
  readonly cpuMs: number
}

/** Memory of a tree of processes on Linux. */
export interface LinuxMemory {
  readonly pids: ReadonlySet<number>
  /** Lower bound. */
  readonly bytes: number
  /**
   * Upper bound: shared memory that several processes map, or hold open and map, counts for each.
   */
  readonly mostBytes: number
  readonly cpuMs: number
  /**
   * Memory that certainly counts once: own memory, the files of the largest process, and files that
   * are held open.
   */
  readonly sureBytes: number
  readonly held: Files
}

/**
 * Returns the memory of the process `root` and its descendants; undefined if the process has ended.
 * The numbers of each process (half a millisecond for a Chrome of six) do not show which processes
 * share a page, so `bytes` counts only the largest share.
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
 * Returns the tree's memory with every page counted once: adds mapped shared memory that no process
 * holds open. The kernel divides a page among its processes and walks all pages, which takes some
 * ten milliseconds for a large process. A process with unreadable maps adds nothing.
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
 * Head of a mapping, `7f00-7f10 rw-s 00000000 00:01 1234   /dev/shm/x (deleted)`: device, inode and
 * path.
 */
const MAPPING = /^[\da-f]+-[\da-f]+ \S+ \S+ (\S+ \d+) +(.*)$/

/** Share of a mapping in memory or swapped out, divided by the processes that map it. */
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

/** Returns the lines of a file; none if its process or thread ended after the listing. */
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
 * Returns the children of a process from all its threads, because Linux lists a child under the
 * thread that made the child, and any thread of Chrome may do so.
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
 * Returns the process's own memory, swapped out or not, the memory that it may share
 * (proc_pid_status(5)), and its processor time (proc_pid_stat(5)).
 */
function readUse(pid: number): ProcessUse | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_A_KIBIBYTE
    // Fields 14 to 17 (the first element is field 3): its own time and that of its ended children,
    // in user code and in the kernel.
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
