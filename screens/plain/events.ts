import type { CrashSummary } from '../../lib/domain/crash.ts'
import type { SchedulerDocument, ServiceDocument, WorkerDocument } from '../../lib/domain/documents.ts'
import type { JobState, JobSummary } from '../../lib/domain/job.ts'
import type { Notice } from '../../lib/domain/notice.ts'
import { formatPhase } from '../../lib/domain/phase.ts'
import type { PhaseRecord } from '../../lib/domain/phase.ts'
import type { ScheduleRun } from '../../lib/domain/schedule.ts'
import type { Waiting } from '../../lib/domain/waiting.ts'
import type { Snapshot } from '../snapshot.ts'

/** What happened between two snapshots, for a reader without a screen. One of these is one line. */
export type PlainEvent =
  | {
      readonly event: 'scheduler'
      readonly at: number
      readonly phase: SchedulerDocument['phase']
      readonly slots: number
    }
  | {
      readonly event: 'draining'
      readonly at: number
      /** Jobs that still run. */
      readonly running: number
      readonly until: number
    }
  | {
      readonly event: 'workflow.broken'
      readonly at: number
      readonly file: string
      readonly message: string
    }
  | {
      readonly event: 'domain.waits'
      readonly at: number
      readonly domain: string
      readonly status: number
      readonly until: number
    }
  | {
      readonly event: 'service'
      readonly at: number
      readonly name: string
      readonly state: ServiceDocument['actual']
      readonly message: string
      readonly doing: ServiceDocument['doing']
      readonly restart?: NonNullable<ServiceDocument['restart']>
    }
  | {
      readonly event: 'job'
      readonly at: number
      readonly job: number
      readonly workflow: string
      readonly state: JobState
      readonly attempt: number
      readonly message: string
    }
  | {
      readonly event: 'job.priority'
      readonly at: number
      readonly job: number
      readonly workflow: string
      readonly priority: number
    }
  | ({ readonly event: 'phase.started'; readonly phase: string } & WorkerPlace)
  | ({
      readonly event: 'phase.ended'
      readonly phase: string
      readonly status: PhaseRecord['status']
      readonly ms: number
    } & WorkerPlace)
  | ({ readonly event: 'worker.waits'; readonly waiting: Waiting } & WorkerPlace)
  | ({
      readonly event: 'worker.kept'
      readonly until: number
      readonly devtools: string | null
    } & WorkerPlace)
  | ({
      readonly event: 'worker.ended'
      readonly outcome: NonNullable<WorkerDocument['outcome']>
    } & WorkerPlace)
  | {
      readonly event: 'crash'
      readonly at: number
      readonly crash: number
      readonly job: number
      readonly worker: string
      readonly phase: string
      readonly error: string
      readonly message: string
    }
  | {
      readonly event: 'schedule'
      readonly at: number
      readonly schedule: string
      readonly outcome: ScheduleRun['outcome']
      readonly reason: ScheduleRun['reason']
      readonly job: number | null
      /** Null when a person asked for it. */
      readonly due: number | null
      readonly missed: number
    }
  | { readonly event: 'notice'; readonly at: number; readonly notice: Notice }
  | {
      readonly event: 'idle'
      readonly at: number
      /** Jobs that have ended since the start, and how many of them failed. */
      readonly ended: number
      readonly failed: number
    }

interface WorkerPlace {
  readonly at: number
  readonly job: number
  readonly worker: string
  readonly member: number
  readonly members: number
}

/**
 * What has happened from one snapshot to the next, oldest first. Pure. Phases that began and ended between the two are found in the workers' histories, so
 * a quick phase is not missed.
 */
export function eventsBetween(before: Snapshot, after: Snapshot): PlainEvent[] {
  return [
    ...schedulerEvents(before, after),
    ...drainEvents(before, after),
    ...serviceEvents(before, after),
    ...domainEvents(before, after),
    ...scheduleEvents(before, after),
    ...priorityEvents(before, after),
    ...startedJobs(before, after),
    ...after.workers.flatMap(({ job, ...worker }) =>
      job === null ? [] : workerEvents(before.workers.find(same({ ...worker, job })), { ...worker, job }),
    ),
    ...crashEvents(before, after),
    ...endedJobs(before, after),
    ...toldNotices(before, after),
  ]
}

type BusyWorker = WorkerDocument & { readonly job: NonNullable<WorkerDocument['job']> }

/** The same worker in the same job: of what it did before there is nothing to compare. */
const same = (worker: BusyWorker) => (other: WorkerDocument) =>
  other.workerId === worker.workerId &&
  other.job?.jobId === worker.job.jobId &&
  other.job.attempt === worker.job.attempt

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

/** How far a drain is, whenever a job has ended. */
function drainEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const until = after.scheduler?.drainUntil
  const { running } = after.counts
  if (until === undefined || running === 0) return []
  const told = before.scheduler?.drainUntil !== undefined && before.counts.running === running
  return told ? [] : [{ event: 'draining', at: after.at, running, until }]
}

/** What prolongs a pause by less is not told: each of several workers that were refused at once does. */
const NOT_WORTH_TELLING_MS = 1_000

function domainEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const known = new Map(before.scheduler?.holds.map(({ domain, until }) => [domain, until]))
  return (after.scheduler?.holds ?? [])
    .filter(
      ({ domain, until }) => until - (known.get(domain) ?? 0) >= NOT_WORTH_TELLING_MS && until > after.at,
    )
    .map(({ domain, status, until }) => ({ event: 'domain.waits', at: after.at, domain, status, until }))
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

function changedJobs(before: Snapshot, after: Snapshot): JobSummary[] {
  const known = new Map(before.jobs.map(job => [job.id, job]))
  return after.jobs
    .filter(job => {
      const old = known.get(job.id)
      return old?.state !== job.state || old.attempt !== job.attempt
    })
    .reverse()
}

function jobEvent(job: JobSummary, after: Snapshot): PlainEvent {
  return {
    event: 'job',
    at: job.endedAt ?? (job.state === 'running' ? job.startedAt : null) ?? after.at,
    job: job.id,
    workflow: job.workflow,
    state: job.state,
    attempt: job.attempt,
    message: job.errorMessage ?? '',
  }
}

const pending = ({ state }: JobSummary) => state === 'queued' || state === 'running'

function startedJobs(before: Snapshot, after: Snapshot): PlainEvent[] {
  return changedJobs(before, after)
    .filter(pending)
    .map(job => jobEvent(job, after))
}

function endedJobs(before: Snapshot, after: Snapshot): PlainEvent[] {
  return changedJobs(before, after)
    .filter(job => !pending(job))
    .map(job => jobEvent(job, after))
}

function priorityEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const known = new Map(before.jobs.map(({ id, priority }) => [id, priority]))
  return after.jobs
    .filter(({ id, priority }) => (known.get(id) ?? priority) !== priority)
    .map(({ id, workflow, priority }) => ({
      event: 'job.priority' as const,
      ...{ at: after.at, job: id, workflow, priority },
    }))
    .reverse()
}

function workerEvents(before: WorkerDocument | undefined, worker: BusyWorker): PlainEvent[] {
  const place = {
    job: worker.job.jobId,
    worker: worker.workerId,
    member: worker.job.member,
    members: worker.job.members,
  }
  const events: PlainEvent[] = []
  const started = before?.phase?.index ?? before?.history.at(-1)?.index ?? 0
  for (const ended of worker.history.slice(before?.history.length ?? 0)) {
    if (ended.index > started) {
      events.push({
        event: 'phase.started',
        at: ended.startedAt,
        ...place,
        phase: formatPhase({ ...ended, step: '' }),
      })
    }
    const ms = ended.endedAt - ended.startedAt
    events.push({
      event: 'phase.ended',
      at: ended.endedAt,
      ...place,
      phase: formatPhase(ended),
      status: ended.status,
      ms,
    })
  }
  const { phase } = worker
  if (phase !== null) {
    const old = before?.phase
    if (old?.index !== phase.index || old.step !== phase.step) {
      events.push({ event: 'phase.started', at: worker.updatedAt, ...place, phase: formatPhase(phase) })
    }
  }
  if (worker.waiting !== undefined && before?.waiting?.id !== worker.waiting.id) {
    events.push({ event: 'worker.waits', at: worker.waiting.since, ...place, waiting: worker.waiting })
  }
  if (worker.outcome !== null && before?.outcome !== worker.outcome) {
    events.push({ event: 'worker.ended', at: worker.updatedAt, ...place, outcome: worker.outcome })
  }
  if (worker.kept !== undefined && before?.kept === undefined) {
    const { since, until } = worker.kept
    events.push({
      event: 'worker.kept',
      ...place,
      at: since,
      until,
      devtools: worker.browser?.devtools ?? null,
    })
  }
  return events
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

function toldNotices(before: Snapshot, after: Snapshot): PlainEvent[] {
  const newest = before.notices.at(-1)?.id ?? 0
  return after.notices
    .filter(({ id }) => id > newest)
    .map(({ at, notice }) => ({ event: 'notice', at, notice }))
}
