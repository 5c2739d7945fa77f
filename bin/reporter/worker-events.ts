import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { PlainEvent } from './plain-event.ts'

/**
 * Returns the events of workers. Phases that began and ended between two snapshots are read from
 * the workers' histories, so that no short phase is missed.
 */
export function workersEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  return after.workers.flatMap(({ job, ...worker }) =>
    job === null ? [] : workerEvents(before.workers.find(same({ ...worker, job })), { ...worker, job }),
  )
}

type BusyWorker = WorkerDocument & { readonly job: NonNullable<WorkerDocument['job']> }

/**
 * Returns a function that is true for the same worker in the same attempt of the same job. A worker
 * in an earlier job has nothing to compare.
 */
const same = (worker: BusyWorker) => (other: WorkerDocument) =>
  other.workerId === worker.workerId &&
  other.job?.jobId === worker.job.jobId &&
  other.job.attempt === worker.job.attempt

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
