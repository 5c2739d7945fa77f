import { fieldNames } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { Catalogue } from '../en.ts'

/** Returns the reason of a worker's wait, in the words of a language. */
export function waitingWords(waiting: WorkerWait, { waitingFor }: Catalogue): string {
  switch (waiting.for) {
    case 'account':
      return waitingFor.account(waiting.what)
    case 'person':
      return waitingFor.person(waiting.what, fieldNames(waiting).join(', '))
    case 'operator':
      return waitingFor.operator
    case 'discovery':
      return waitingFor.discovery(waiting.what)
    case 'scheduler':
      return waitingFor.scheduler
  }
}

/**
 * Returns the reason of a worker's wait for use next to its state, which already names the call for
 * a person.
 */
export const waitingBeside = (waiting: WorkerWait, words: Catalogue): string =>
  waiting.for === 'person' ? waiting.what : waitingWords(waiting, words)
