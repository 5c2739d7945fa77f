import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import type { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import { identifyProcess, sameProcessAlive } from '../../../lib/platform/process/process-identity.ts'
import { readProcessTable, withDescendants } from '../../../lib/platform/process/process-table.ts'
import { until } from '../until.ts'

/**
 * Returns a process and all its current descendants. Returns an empty list on Windows, which has no
 * such table.
 */
export function processTreeOf(pid: number): ProcessIdentity[] {
  if (process.platform === 'win32') return []
  return [...withDescendants(readProcessTable(), new Set([pid]))].flatMap(one => identifyProcess(one) ?? [])
}

/**
 * Returns the pids of the processes whose working directory is in a folder or whose command line
 * contains it. Returns an empty list if there is no /proc.
 */
export function processesOf(folder: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(name => {
      try {
        const cwd = readlinkSync(`/proc/${name}/cwd`)
        return (
          cwd === folder ||
          cwd.startsWith(`${folder}/`) ||
          readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder)
        )
      } catch {
        // The process has ended, or it belongs to another user.
        return false
      }
    })
    .map(Number)
}

/**
 * Waits until all the processes have ended and the folder is gone. Resolves with the time that this
 * took, in ms.
 */
export async function untilNothingIsLeft(
  family: readonly ProcessIdentity[],
  folder: string,
): Promise<number> {
  const from = performance.now()
  await until(
    `the end of all processes of ${folder}`,
    () => !family.some(sameProcessAlive) && processesOf(folder).length === 0,
  )
  return Math.round(performance.now() - from)
}
