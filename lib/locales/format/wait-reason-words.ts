import { accountName } from '../../model/worker/account.ts'
import type { WaitReason } from '../../model/job/wait-reason.ts'
import type { JobSummary } from '../../model/job/job.ts'
import type { Catalogue } from '../en.ts'

type Words = Pick<Catalogue, 'proxies' | 'waits' | 'waitingFor'>

/** Returns a text about why a job waits. */
export function waitReasonWords(reason: WaitReason, { proxies, waits, waitingFor }: Words): string {
  switch (reason.why) {
    case 'jobs':
      return waits.jobsInShort(reason.jobs.length + reason.more, reason.jobs.join(', '), reason.more)
    case 'account': {
      const account = accountName(reason)
      return reason.jobId === null ? waitingFor.account(account) : waits.account(account, reason.jobId)
    }
    case 'reading':
      return proxies.waitReason.reading
    case 'unread':
      return proxies.waitReason.unread(reason.trouble)
    case 'cooling':
    case 'full':
      return proxies.waitReason[reason.why](reason.proxies)
  }
}

/** Returns a text about why a job waits; if it does not wait, its error, if there is one. */
export const jobMessage = (
  { waitReason = null, errorMessage }: Pick<JobSummary, 'waitReason' | 'errorMessage'>,
  words: Words,
): string => (waitReason === null ? (errorMessage ?? '') : waitReasonWords(waitReason, words))
