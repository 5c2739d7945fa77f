import { fieldNames } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { Catalogue } from '../en.ts'

/** Returns a text about why a worker waits. */
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
 * Returns a text about why a worker waits, to be shown next to the worker's state. The state
 * already says that the worker waits for a person.
 */
export const waitingBeside = (waiting: WorkerWait, words: Catalogue): string =>
  waiting.for === 'person' ? waiting.what : waitingWords(waiting, words)
