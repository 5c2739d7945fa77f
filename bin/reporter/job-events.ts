import type { JobSummary } from '../../lib/model/job/job.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { PlainEvent } from './plain-event.ts'

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
    at: job.endedAt ?? (job.state === 'running' ? job.attemptStartedAt : null) ?? after.at,
    job: job.id,
    workflow: job.workflow,
    state: job.state,
    attempt: job.attempt,
    message: job.errorMessage ?? '',
    waitReason: job.waitReason ?? null,
  }
}

const pending = ({ state }: JobSummary) => state === 'queued' || state === 'running'

/** Returns an event for each job that was queued or has started. */
export function startedJobs(before: Snapshot, after: Snapshot): PlainEvent[] {
  return changedJobs(before, after)
    .filter(pending)
    .map(job => jobEvent(job, after))
}

/** Returns an event for each job that has ended or will continue later. */
export function endedJobs(before: Snapshot, after: Snapshot): PlainEvent[] {
  return changedJobs(before, after)
    .filter(job => !pending(job))
    .map(job => jobEvent(job, after))
}

/** Returns an event for each job whose priority has changed. */
export function priorityEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  const known = new Map(before.jobs.map(({ id, priority }) => [id, priority]))
  return after.jobs
    .filter(({ id, priority }) => (known.get(id) ?? priority) !== priority)
    .map(({ id, workflow, priority }) => ({
      event: 'job.priority' as const,
      ...{ at: after.at, job: id, workflow, priority },
    }))
    .reverse()
}
