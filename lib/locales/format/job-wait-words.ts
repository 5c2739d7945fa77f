import { accountName } from '../../model/worker/account.ts'
import type { JobBlocker } from '../../model/job/job-blocker.ts'
import { waitReasonWords } from './wait-reason-words.ts'
import { missingWorkflowWords } from './missing-workflow-words.ts'
import type { Translator } from '../translator.ts'

/**
 * Returns a text about why a job is not running. The end of a pause is only a time of day, because
 * a pause is at most an hour long.
 */
export function jobWaitWords(wait: JobBlocker, t: Translator): string {
  const { waits, jobState, waitingFor, commands, domainWaits } = t.words
  switch (wait.for) {
    case 'scheduler':
      if (wait.phase === 'none') return commands.noneSchedules
      return wait.phase === 'paused' ? commands.schedulerPaused : waits.scheduler[wait.phase]
    case 'scope':
      return waits.scope
    case 'workflow':
      return missingWorkflowWords(wait, t)
    case 'retry-by-hand':
      return waits.byHand(wait.deaths)
    case 'jobs':
      return waits.jobs(wait.jobs.map(({ id, state }) => `#${id} ${jobState[state]}`).join(', '))
    case 'account': {
      const account = accountName(wait)
      return wait.jobId === null ? waitingFor.account(account) : waits.account(account, wait.jobId)
    }
    case 'due':
      return wait.reason === null
        ? waits.due(t.stamp(wait.at))
        : waits.putOff(waitReasonWords(wait.reason, t.words), t.stamp(wait.at))
    case 'pause':
      return domainWaits(wait.domain, t.clock(wait.until))
    case 'concurrency':
      return waits.concurrency(wait.workflow, wait.running, wait.most)
    case 'domain':
      return waits.domain(wait.domain, wait.workers, wait.most)
    case 'proxies':
      return waits.proxies(wait.workers, wait.most)
    case 'slots':
      return waits.slots(wait.taken, wait.slots, wait.needs)
  }
}
