import { identifyProcess, sameProcessAlive } from '../../platform/process/process-identity.ts'
import { readAnnouncement } from './announcement.ts'
import type { Announcement } from './announcement.ts'

/** Whether the owner that is announced still lives: a killed one leaves its announcement. */
export const ownerLives = ({ pid, processStart }: Announcement): boolean =>
  processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })

/** The process of the scheduler that lives and is announced at `path`; undefined where none does. */
export function livingScheduler(path: string): number | undefined {
  const announced = readAnnouncement(path)
  return announced?.role === 'scheduler' && ownerLives(announced) ? announced.pid : undefined
}
