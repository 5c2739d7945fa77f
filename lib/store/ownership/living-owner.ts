import { identifyProcess, sameProcessAlive } from '../../platform/process/process-identity.ts'
import { readOwnerRecord } from './owner-record.ts'
import type { OwnerRecord } from './owner-record.ts'

/** True if the announced owner is still running. A killed owner leaves its announcement behind. */
export const isOwnerAlive = ({ pid, processStart }: OwnerRecord): boolean =>
  processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })

/**
 * Returns the pid of the running scheduler that is announced at `path`; undefined if there is none.
 */
export function livingScheduler(path: string): number | undefined {
  const announced = readOwnerRecord(path)
  return announced?.role === 'scheduler' && isOwnerAlive(announced) ? announced.pid : undefined
}
