import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { withDescendants } from './process-table.ts'
import { statFields } from './process-identity.ts'
import type { TreeUse } from './tree-use.ts'
import { readWindowsJobUse } from './windows-job-memory.ts'

/** ps answers in milliseconds; it reads kernel tables only. */
const PS_LIMIT_MS = 5_000

const BYTES_A_KIBIBYTE = 1024

/** The ticks of /proc are hundredths of a second on every Linux (`getconf CLK_TCK`). */
const MS_A_TICK = 10

/**
 * What the process `root` and all that descend from it use; undefined where it has ended or the system does not say. Memory that several of them share
 * counts about once: Chrome's processes share its program, which would otherwise count ten times. On Windows it is what the job of this process uses beside this
 * process itself.
 */
export async function treeUse(root: number): Promise<TreeUse | undefined> {
  try {
    if (process.platform === 'linux') return linuxUse(root)
    if (process.platform === 'win32') return readWindowsJobUse()
    return await psUse(root)
  } catch {
    // It has ended meanwhile: there is nothing to know.
    return undefined
  }
}

/** Half a millisecond for a Chrome of six processes: `smaps_rollup` is exact, and takes ten times as long. */
function linuxUse(root: number): TreeUse | undefined {
  const tree = [...linuxTree(root)].flatMap(pid => readUse(pid) ?? [])
  if (tree.length === 0) return undefined
  const own = tree.reduce((sum, use) => sum + use.own, 0)
  return {
    bytes: own + Math.max(...tree.map(use => use.shared)),
    cpuMs: tree.reduce((sum, use) => sum + use.cpuMs, 0),
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

/** What the process has for itself, swapped out or not, and what it may share (proc_pid_status(5)); its processor time (proc_pid_stat(5)). */
function readUse(pid: number): { own: number; shared: number; cpuMs: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_A_KIBIBYTE
    // Fields 14 to 17, of which the first here is 3: its own time, and that of its ended children, in user code and in the kernel.
    const ticks = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      .slice(14 - 3, 18 - 3)
      .map(Number)
    return {
      own: bytes('RssAnon') + bytes('VmSwap'),
      shared: bytes('RssFile') + bytes('RssShmem'),
      cpuMs: ticks.reduce((sum, each) => sum + each, 0) * MS_A_TICK,
    }
  } catch {
    return undefined
  }
}

async function psUse(root: number): Promise<TreeUse | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,pgid=,rss=,time='], {
    timeout: PS_LIMIT_MS,
  })
  const table = stdout
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .flatMap(([pid, parent, group, kibibytes, time]) =>
      time === undefined
        ? []
        : [
            {
              ...{ pid: Number(pid), parent: Number(parent), group: Number(group) },
              ...{ kibibytes: Number(kibibytes), cpuMs: clockMs(time) },
            },
          ],
    )
  const tree = withDescendants(table, new Set([root]))
  const held = table.filter(({ pid }) => tree.has(pid))
  if (held.length === 0) return undefined
  return {
    bytes: held.reduce((sum, { kibibytes }) => sum + kibibytes, 0) * BYTES_A_KIBIBYTE,
    cpuMs: held.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  }
}

/** `1-02:03:04`, `02:03:04` or `3:04.56`, as ps writes a time → milliseconds. */
export function clockMs(text: string): number {
  const [, days = '0', clock = ''] = /^(?:(\d+)-)?([\d:.]+)$/.exec(text) ?? []
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1_000)
}
