import { SCHEDULER, schedulerPhase } from '../../lib/app/port/scheduler-phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { eventsBetween } from './events.ts'
import type { PlainEvent } from './plain-event.ts'

/** What people are told of what has happened: of each thing one line, in the words of the screens. Programs hear of all that `eventsBetween` finds. Pure. */
export function humanEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  return eventsBetween(asSpoken(before), asSpoken(after)).filter(event => !isPrintedByScheduler(event))
}

/**
 * With the phase that screens show, and since when. The documents of the scheduler and of its service come one after the other: that the one is paused while the other starts, or runs, is no pause.
 */
function asSpoken(snapshot: Snapshot): Snapshot {
  const { scheduler, services } = snapshot
  const service = services.find(({ name }) => name === SCHEDULER)
  if (scheduler?.phase !== 'paused' || service === undefined) return snapshot
  const phase = service.actual === 'running' ? 'scheduling' : schedulerPhase(snapshot)
  if (phase === 'paused') return snapshot
  return {
    ...snapshot,
    scheduler: { ...scheduler, phase, updatedAt: Math.max(scheduler.updatedAt, service.since) },
  }
}

/** What the scheduler's service does stands in the scheduler's own line; only why it failed does not. */
const isPrintedByScheduler = (event: PlainEvent): boolean =>
  event.event === 'service' && event.name === SCHEDULER && event.state !== 'failed'
