import { isRefusedByOperator } from '../../../model/notify/alarm.ts'
import type { FailureGroup, Failure } from '../../../model/failure/failure-group.ts'
import { isFinal, isOpen } from './job-outcomes.ts'
import type { Standings } from './job-outcomes.ts'

/** Jobs that have failed for good since people were notified that they would be retried. */
export interface FinalFailures {
  readonly jobs: readonly number[]
  /** Last failures of these jobs, if they belong to the cause. */
  readonly failures: readonly Failure[]
}

/** Jobs of all causes, collected once because a site can make thousands of causes. */
interface JobsOfCauses {
  readonly watched: ReadonlySet<number>
  /** Jobs with a pending final failure. */
  readonly final: ReadonlySet<number>
}

/** Collects the watched jobs of all causes, and the jobs with a pending final failure. */
export function jobsOfCauses(causes: readonly FailureGroup[], standings: Standings): JobsOfCauses {
  const pending = causes.flatMap(one => one.pending)
  return {
    watched: new Set(causes.flatMap(one => one.watched)),
    final: new Set(pending.filter(({ place }) => isFinal(place, standings)).map(({ place }) => place.jobId)),
  }
}

/**
 * Returns the jobs with a final failure that is notified under this cause. Their last failure
 * belongs to the cause, or they failed for good without another crash and the cause watches them.
 */
export function finalFailures(cause: FailureGroup, jobs: JobsOfCauses, standings: Standings): FinalFailures {
  // The first notice of a cause states the outcome of its jobs by itself.
  if (cause.state !== 'failing') return { jobs: [], failures: [] }
  const failures = cause.pending.filter(
    ({ place }) => jobs.watched.has(place.jobId) && isFinal(place, standings),
  )
  const alone = cause.watched.filter(id => {
    const job = standings.get(id)
    if (job?.state !== 'failed' || jobs.final.has(id)) return false
    return job.error === null || !isRefusedByOperator(job.error)
  })
  return { jobs: [...new Set([...failures.map(({ place }) => place.jobId), ...alone])], failures }
}

/** Drops the failures that people were notified of, and the watched jobs that have ended. */
export function withoutFinal(
  cause: FailureGroup,
  { failures }: FinalFailures,
  standings: Standings,
): FailureGroup {
  const watched = cause.watched.filter(id => isOpen(id, standings))
  const pending = cause.pending.filter(failure => !failures.includes(failure))
  const unchanged = watched.length === cause.watched.length && pending.length === cause.pending.length
  return unchanged ? cause : { ...cause, watched, pending }
}
