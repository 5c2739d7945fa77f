import { identifyProcess, sameProcessAlive } from '../../platform/process/process-identity.ts'
import { readOwnerRecord } from './owner-record.ts'
import type { OwnerRecord } from './owner-record.ts'

/** Whether the owner that is announced still lives: a killed one leaves its announcement. */
export const isOwnerAlive = ({ pid, processStart }: OwnerRecord): boolean =>
  processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })

/**
 * The process of the scheduler that lives and is announced at `path`; undefined where none does.
 */
export function livingScheduler(path: string): number | undefined {
  const announced = readOwnerRecord(path)
  return announced?.role === 'scheduler' && isOwnerAlive(announced) ? announced.pid : undefined
}
