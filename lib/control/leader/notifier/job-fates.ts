import type { JobStanding } from '../../../model/failure/failure-group.ts'
import type { FailedPlace, JobFate } from '../../../model/notify/notification.ts'

/** Standing of jobs by their ids. A removed job has none. */
export type Standings = ReadonlyMap<number, JobStanding>

/** True if a failure is that of the attempt with which its job has ended for good. */
export function isFinal({ jobId, attempt }: FailedPlace, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job?.state === 'failed' && job.attempt === attempt
}

/** True if the attempt of a failure has not been settled yet. */
export function isUnsettled({ jobId, attempt }: FailedPlace, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job?.state === 'running' && job.attempt === attempt
}

/** True if a job may still fail for good, so that a person who was notified of its failure waits for its end. */
export function isOpen(jobId: number, standings: Standings): boolean {
  const job = standings.get(jobId)
  return job !== undefined && !['succeeded', 'failed', 'cancelled'].includes(job.state)
}

/** Returns what becomes of the jobs of these failures, each job once. A job whose attempt still runs is left out, because nobody knows yet. */
export function outcomesOf(places: readonly FailedPlace[], standings: Standings): JobFate[] {
  const outcomes = new Map<number, JobFate>()
  for (const place of places) {
    const outcome = outcomeOf(place, standings)
    if (outcome !== null) outcomes.set(place.jobId, outcome)
  }
  return [...outcomes.values()].sort((a, b) => a.jobId - b.jobId)
}

function outcomeOf(place: FailedPlace, standings: Standings): JobFate | null {
  const job = standings.get(place.jobId)
  if (job === undefined || job.state === 'parked' || isUnsettled(place, standings)) return null
  const { jobId } = place
  if (job.state === 'failed' || job.state === 'succeeded' || job.state === 'cancelled') {
    return { jobId, fate: job.state, triesLeft: 0 }
  }
  // The tries with another proxy or login cost no retry: at least the one that comes is left.
  return { jobId, fate: 'retry', triesLeft: Math.max(1, job.retries - job.failures + 1) }
}
