import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { JobSummary } from '../../model/job/job.ts'
import { isForPerson } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { Catalogue } from '../../locales/en.ts'
import { isBusy } from './worker-slots.ts'

/** The jobs that cannot go on without a person, by their ids, with what they wait for. */
export type Attention = ReadonlyMap<number, WorkerWait>

/** A job calls when one of its workers does; it is paused when somebody has paused all that are at work on it. */
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

/** What a job that runs waits for a person with. */
export const attentionOf = (
  calls: Attention,
  { id, state }: Pick<JobSummary, 'id' | 'state'>,
): WorkerWait | undefined => (state === 'running' ? calls.get(id) : undefined)

/** How a job stands, in the words of the list of workers where it waits for a person. */
export function jobStateWords(
  job: Pick<JobSummary, 'id' | 'state'>,
  calls: Attention,
  { jobState, waitingState }: Pick<Catalogue, 'jobState' | 'waitingState'>,
): string {
  const call = attentionOf(calls, job)
  return call === undefined ? jobState[job.state] : waitingState[call.for]
}
