import type { SchedulerDocument } from '../lib/domain/documents.ts'
import type { Snapshot } from './snapshot.ts'

export const SCHEDULER = 'scheduler'

/** What the scheduler does. While its service starts it claims nothing yet, which is not the pause that somebody asked for. */
export function schedulerPhase({ scheduler, services }: Snapshot): SchedulerDocument['phase'] {
  const phase = scheduler?.phase ?? 'starting'
  const starts = services.some(({ name, actual }) => name === SCHEDULER && actual === 'starting')
  return phase === 'paused' && starts ? 'starting' : phase
}

/** Whether it claims nothing although its service runs, and so nobody paused it: its disk has no room for more work. */
export function lacksRoom(snapshot: Snapshot): boolean {
  const runs = snapshot.services.some(({ name, actual }) => name === SCHEDULER && actual === 'running')
  return runs && schedulerPhase(snapshot) === 'paused'
}
