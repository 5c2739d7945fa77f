import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { JobSummary } from '../../model/job/job.ts'
import { isForPerson } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { Catalogue } from '../../locales/en.ts'
import { isBusy } from './worker-slots.ts'

/**
 * Jobs that cannot continue without a person. Maps the id of each job to the wait of its worker.
 */
export type Attention = ReadonlyMap<number, WorkerWait>

/**
 * Returns the jobs that need a person, because a worker asks for one or a person has paused all
 * workers of the job.
 */
export function jobsNeedingAttention(workers: readonly WorkerDocument[]): Attention {
  const groups = Map.groupBy(workers.filter(isBusy), ({ job }) => job?.jobId ?? 0)
  return new Map(
    [...groups].flatMap(([id, members]) => {
      const waits = members.flatMap(({ waiting }) =>
        waiting !== undefined && isForPerson(waiting) ? [waiting] : [],
      )
      const call = waits.find(waiting => waiting.for === 'person')
      const wait = call ?? (waits.length === members.length ? waits[0] : undefined)
      return wait === undefined ? [] : [[id, wait] as const]
    }),
  )
}

/** Returns the wait for a person that holds up a running job; undefined if there is none. */
export const attentionOf = (
  calls: Attention,
  { id, state }: Pick<JobSummary, 'id' | 'state'>,
): WorkerWait | undefined => (state === 'running' ? calls.get(id) : undefined)

/**
 * Returns the state of a job in words. A job that waits for a person gets the same words as in the
 * list of workers.
 */
export function jobStateWords(
  job: Pick<JobSummary, 'id' | 'state'>,
  calls: Attention,
  { jobState, waitingState }: Pick<Catalogue, 'jobState' | 'waitingState'>,
): string {
  const call = attentionOf(calls, job)
  return call === undefined ? jobState[job.state] : waitingState[call.for]
}
