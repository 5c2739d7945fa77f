import { fieldNames } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { Catalogue } from '../en.ts'

/** What a worker waits for, in the words of a language. */
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

/** The same beside a state that says already that a person is called. */
export const waitingBeside = (waiting: WorkerWait, words: Catalogue): string =>
  waiting.for === 'person' ? waiting.what : waitingWords(waiting, words)
