import { identifyProcess, sameProcessAlive } from '../../platform/process-identity.ts'
import { readAnnouncement } from './announcement.ts'
import type { Announcement } from './announcement.ts'

/** The process that is announced at `path` as the owner of the database, while it lives: what a killed one has left says nothing. */
export function livingOwner(path: string): Announcement | undefined {
  const announced = readAnnouncement(path)
  return announced !== undefined && ownerLives(announced) ? announced : undefined
}

/** Whether the process that was announced is still the same, and alive. */
export const ownerLives = ({ pid, processStart }: Announcement): boolean =>
  processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })
