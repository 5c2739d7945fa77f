import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import type { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import { identifyProcess, sameProcessAlive } from '../../../lib/platform/process/process-identity.ts'
import { readProcessTable, withDescendants } from '../../../lib/platform/process/process-table.ts'
import { until } from '../until.ts'

/** A process and all that descend from it now. Empty on Windows, which has no such table. */
export function processTreeOf(pid: number): ProcessIdentity[] {
  if (process.platform === 'win32') return []
  return [...withDescendants(readProcessTable(), new Set([pid]))].flatMap(one => identifyProcess(one) ?? [])
}

/**
 * The processes that work in a folder, or whose command line names it. Empty where there is no
 * /proc.
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
        // Ended, or somebody else's.
        return false
      }
    })
    .map(Number)
}

/**
 * Waits until none of these processes lives and none is left of the folder; resolves with the ms
 * that this took.
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
