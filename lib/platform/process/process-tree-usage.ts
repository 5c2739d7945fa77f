import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { withDescendants } from './process-table.ts'
import { exactBytes, linuxMemory } from '../memory/linux-memory.ts'
import { SharedFiles } from '../memory/shared-files.ts'
import type { ProcessTreeUsage } from './tree-use.ts'
import { readWindowsJobUse } from '../windows/windows-job-memory.ts'

/** Timeout of ps, which normally takes milliseconds, because it reads only kernel tables. */
const PS_LIMIT_MS = 5_000

const BYTES_A_KIBIBYTE = 1024

/**
 * Returns the memory and processor time of the process `root` and its descendants; undefined if the
 * process has ended or the system does not report them. On Linux shared memory is counted about
 * once, because Chrome's processes share its program, which would otherwise be counted ten times.
 * On Windows, returns the usage of this process's job object, without this process itself.
 */
export async function processTreeUsage(root: number): Promise<ProcessTreeUsage | undefined> {
  try {
    if (process.platform === 'linux') return await linuxUse(root)
    if (process.platform === 'win32') return readWindowsJobUse()
    return await psUse(root)
  } catch {
    // The process has ended, so there is nothing to measure.
    return undefined
  }
}

/**
 * Returns the memory of the process `root` and its descendants in bytes, to be compared with a
 * limit. On Linux an exact measurement, which takes longer, is made only if the estimate does not
 * show whether the limit is exceeded. Returns undefined if the process has ended or the system does
 * not report its memory.
 */
export async function treeBytes(
  root: number,
  limitBytes: number,
  files: SharedFiles,
): Promise<number | undefined> {
  if (process.platform !== 'linux') return (await processTreeUsage(root))?.bytes
  const memory = await linuxMemory(root, files)
  if (memory === undefined || memory.bytes > limitBytes || memory.mostBytes <= limitBytes)
    return memory?.bytes
  return exactBytes(memory)
}

async function linuxUse(root: number): Promise<ProcessTreeUsage | undefined> {
  const memory = await linuxMemory(root, new SharedFiles())
  return memory && { bytes: memory.bytes, cpuMs: memory.cpuMs }
}

async function psUse(root: number): Promise<ProcessTreeUsage | undefined> {
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

/** Converts a time of ps, `1-02:03:04`, `02:03:04` or `3:04.56`, to milliseconds. */
export function clockMs(text: string): number {
  const [, days = '0', clock = ''] = /^(?:(\d+)-)?([\d:.]+)$/.exec(text) ?? []
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1_000)
}
