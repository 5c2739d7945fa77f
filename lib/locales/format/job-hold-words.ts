import { accountName } from '../../model/worker/account.ts'
import type { WaitReason } from '../../model/job/wait-reason.ts'
import type { JobSummary } from '../../model/job/job.ts'
import type { Catalogue } from '../en.ts'

type Words = Pick<Catalogue, 'proxies' | 'waits' | 'waitingFor'>

/** Why a job waits, in the words of a language. */
export function jobHoldWords(hold: WaitReason, { proxies, waits, waitingFor }: Words): string {
  switch (hold.why) {
    case 'jobs':
      return waits.jobsInShort(hold.jobs.length + hold.more, hold.jobs.join(', '), hold.more)
    case 'account': {
      const account = accountName(hold)
      return hold.jobId === null ? waitingFor.account(account) : waits.account(account, hold.jobId)
    }
    case 'reading':
      return proxies.hold.reading
    case 'unread':
      return proxies.hold.unread(hold.trouble)
    case 'cooling':
    case 'full':
      return proxies.hold[hold.why](hold.proxies)
  }
}

/** Why a job failed, or what it waits for. Of a failure the text alone is known. */
export const jobMessage = (
  { hold = null, errorMessage }: Pick<JobSummary, 'hold' | 'errorMessage'>,
  words: Words,
): string => (hold === null ? (errorMessage ?? '') : jobHoldWords(hold, words))
