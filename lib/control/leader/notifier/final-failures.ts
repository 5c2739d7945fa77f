import { isRefusedByOperator } from '../../../model/notify/alarm.ts'
import type { FailureGroup, Failure } from '../../../model/failure/failure-group.ts'
import { isFinal, isOpen } from './job-outcomes.ts'
import type { Standings } from './job-outcomes.ts'

/** Jobs that have failed for good, after people were notified that they would be retried. */
export interface FinalFailures {
  readonly jobs: readonly number[]
  /** The last failures of these jobs, if they have this cause. */
  readonly failures: readonly Failure[]
}

/** Jobs of all causes. They are collected once, because a site can produce thousands of causes. */
interface JobsOfCauses {
  readonly watched: ReadonlySet<number>
  /** Jobs whose final failure has not been reported yet. */
  readonly final: ReadonlySet<number>
}

/**
 * Collects the watched jobs of all causes, and the jobs whose final failure has not been reported
 * yet.
 */
export function jobsOfCauses(causes: readonly FailureGroup[], standings: Standings): JobsOfCauses {
  const pending = causes.flatMap(one => one.pending)
  return {
    watched: new Set(causes.flatMap(one => one.watched)),
    final: new Set(pending.filter(({ place }) => isFinal(place, standings)).map(({ place }) => place.jobId)),
  }
}

/**
 * Returns the jobs whose final failure is reported with this cause. Either their last failure has
 * this cause, or they failed for good without another crash and the cause watches them.
 */
export function finalFailures(cause: FailureGroup, jobs: JobsOfCauses, standings: Standings): FinalFailures {
  // The first notice of a cause states the outcome of its jobs anyway.
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

/**
 * Returns the cause without the failures that `final` reports, and without the watched jobs that
 * have ended.
 */
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
