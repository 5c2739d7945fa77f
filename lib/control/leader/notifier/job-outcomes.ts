import type { JobStanding } from '../../../model/failure/failure-group.ts'
import type { FailedPlace, JobOutcome } from '../../../model/notify/notification.ts'

/** State of jobs by job id. A job that was removed has no entry. */
export type Standings = ReadonlyMap<number, JobStanding>

/** True if a failure belongs to the attempt with which its job has failed for good. */
export function isFinal({ jobId, attempt }: FailedPlace, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job?.state === 'failed' && job.attempt === attempt
}

/** True if the attempt of a failure has not been settled yet. */
export function isUnsettled({ jobId, attempt }: FailedPlace, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job?.state === 'running' && job.attempt === attempt
}

/**
 * True if a job may still fail for good. People who were notified of its failure are then waiting
 * for its end.
 */
export function isOpen(jobId: number, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job !== undefined && !['succeeded', 'failed', 'cancelled'].includes(job.state)
}

/**
 * Returns the outcomes of the jobs of these failures, one for each job. A job is omitted while its
 * attempt is running, because its outcome is not known yet.
 */
export function outcomesOf(places: readonly FailedPlace[], standings: Standings): JobOutcome[] {
  const outcomes = new Map<number, JobOutcome>()
  for (const place of places) {
    const outcome = outcomeOf(place, standings)
    if (outcome !== null) outcomes.set(place.jobId, outcome)
  }
  return [...outcomes.values()].sort((a, b) => a.jobId - b.jobId)
}

function outcomeOf(place: FailedPlace, standings: Standings): JobOutcome | null {
  const job = standings.get(place.jobId)
  if (job === undefined || job.state === 'parked' || isUnsettled(place, standings)) return null
  const { jobId } = place
  if (job.state === 'failed' || job.state === 'succeeded' || job.state === 'cancelled') {
    return { jobId, outcome: job.state, triesLeft: 0 }
  }
  // A try with another proxy or login does not cost a retry, so at least one more try remains.
  return { jobId, outcome: 'retry', triesLeft: Math.max(1, job.retries - job.failures + 1) }
}
