import type { CrashSummary } from '../../lib/model/failure/crash.ts'
import { MIN_PROLONGED_MS } from '../../lib/model/job/domains.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { endedJobs, priorityEvents, startedJobs } from './job-events.ts'
import type { PlainEvent } from './plain-event.ts'
import { workersEvents } from './worker-events.ts'

/** Returns the events between two snapshots, oldest first. Pure. */
export function eventsBetween(before: Snapshot, after: Snapshot): PlainEvent[] {
  return [
    ...schedulerEvents(before, after),
    ...drainEvents(before, after),
    ...serviceEvents(before, after),
    ...domainEvents(before, after),
    ...scheduleEvents(before, after),
    ...priorityEvents(before, after),
    ...startedJobs(before, after),
    ...workersEvents(before, after),
    ...crashEvents(before, after),
    ...endedJobs(before, after),
    ...noticeEvents(before, after),
  ].sort((one, other) => one.at - other.at)
}

function schedulerEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const { scheduler } = after
  if (scheduler === null) return []
  const known = new Set(before.scheduler?.broken.map(({ file }) => file))
  return [
    ...(before.scheduler?.phase === scheduler.phase
      ? []
      : [
          {
            event: 'scheduler',
            at: scheduler.updatedAt,
            phase: scheduler.phase,
            slots: scheduler.slots,
          } as const,
        ]),
    ...scheduler.broken
      .filter(({ file }) => !known.has(file))
      .map(
        ({ file, error }) =>
          ({ event: 'workflow.broken', at: scheduler.updatedAt, file, message: error.message }) as const,
      ),
  ]
}

/** Returns an event with the progress of a drain each time that a job has ended. */
function drainEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const until = after.scheduler?.drainUntil
  const { running } = after.counts
  if (until === undefined || running === 0) return []
  const announced = before.scheduler?.drainUntil !== undefined && before.counts.running === running
  return announced ? [] : [{ event: 'draining', at: after.at, running, until }]
}

/**
 * Maximum number of events about domains. A page that loads random addresses can cause hundreds of
 * pauses.
 */
const MAX_DOMAIN_EVENTS = 20

function domainEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const known = new Map(before.scheduler?.holds.map(({ domain, until }) => [domain, until]))
  const { at } = after
  const fresh = (after.scheduler?.holds ?? []).filter(
    ({ domain, until }) => until - (known.get(domain) ?? 0) >= MIN_PROLONGED_MS && until > at,
  )
  const events: PlainEvent[] = fresh
    .slice(0, MAX_DOMAIN_EVENTS)
    .map(({ domain, status, until }) => ({ event: 'domain.waits', at, domain, status, until }))
  const count = fresh.length - events.length
  return count === 0 ? events : [...events, { event: 'domains.more', at, count }]
}

function serviceEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  return after.services
    .filter(({ name, actual }) => before.services.find(other => other.name === name)?.actual !== actual)
    .map(({ name, actual, message, doing, since, restart }) => ({
      event: 'service',
      at: since,
      name,
      state: actual,
      message,
      doing,
      ...(restart === undefined ? {} : { restart }),
    }))
}

function crashEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const newest = before.crashes[0]?.id ?? 0
  return after.crashes
    .filter(({ id }) => id > newest)
    .reverse()
    .map((crash: CrashSummary) => ({
      event: 'crash',
      at: crash.at,
      crash: crash.id,
      job: crash.jobId,
      worker: crash.workerId,
      phase: crash.phase === null ? '' : formatPhase(crash.phase),
      error: crash.errorName,
      message: crash.message,
    }))
}

function scheduleEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const newest = before.scheduleRuns.at(-1)?.id ?? 0
  return after.scheduleRuns
    .filter(({ id }) => id > newest)
    .map(({ at, schedule, outcome, reason, jobId, dueAt, missed }) => ({
      event: 'schedule',
      ...{ at, schedule, outcome, reason, job: jobId, due: dueAt, missed },
    }))
}

function noticeEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const newest = before.notices.at(-1)?.id ?? 0
  return after.notices
    .filter(({ id }) => id > newest)
    .map(({ at, notice }) => ({ event: 'notice', at, notice }))
}
