import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { withDescendants } from './process-table.ts'
import { readWindowsJobBytes } from './windows-job-memory.ts'

/** ps answers in milliseconds; it reads kernel tables only. */
const PS_LIMIT_MS = 5_000

const BYTES_A_KIBIBYTE = 1024

/**
 * What the process `root` and all that descend from it hold, in bytes; undefined where it has ended or the system does not say. Memory that several of them share
 * counts about once: Chrome's processes share its program, which would otherwise count ten times. On Windows it is what the job of this process holds beside this
 * process itself.
 */
export async function treeBytes(root: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') return linuxBytes(root)
    if (process.platform === 'win32') return readWindowsJobBytes()
    return await psBytes(root)
  } catch {
    // It has ended meanwhile: there is nothing to know.
    return undefined
  }
}

/** Half a millisecond for a Chrome of six processes: `smaps_rollup` is exact, and takes ten times as long. */
function linuxBytes(root: number): number | undefined {
  const tree = [...linuxTree(root)].flatMap(pid => readUse(pid) ?? [])
  if (tree.length === 0) return undefined
  const own = tree.reduce((sum, use) => sum + use.own, 0)
  return own + Math.max(...tree.map(use => use.shared))
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

/** A child is listed under the thread that made it, and Chrome makes its own in any. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(text => text !== '')
        .map(Number),
    )
  } catch {
    // It, or one of its threads, ended between the listing and the reading.
    return []
  }
}

/** What the process has for itself, swapped out or not, and what it may share (proc_pid_status(5)). */
function readUse(pid: number): { own: number; shared: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_A_KIBIBYTE
    return { own: bytes('RssAnon') + bytes('VmSwap'), shared: bytes('RssFile') + bytes('RssShmem') }
  } catch {
    return undefined
  }
}

async function psBytes(root: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,pgid=,rss='], {
    timeout: PS_LIMIT_MS,
  })
  const table = stdout
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent, group, kibibytes]) =>
      pid === undefined || parent === undefined || group === undefined || kibibytes === undefined
        ? []
        : [{ pid, parent, group, kibibytes }],
    )
  const tree = withDescendants(table, new Set([root]))
  const held = table.filter(({ pid }) => tree.has(pid))
  return held.length === 0
    ? undefined
    : held.reduce((sum, { kibibytes }) => sum + kibibytes, 0) * BYTES_A_KIBIBYTE
}
