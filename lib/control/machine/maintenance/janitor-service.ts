import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { sanitiseLine } from '../../../core/text/sanitise.ts'
import type { Service } from '../../service.ts'

/** How often the janitor looks around. */
const ROUND_MS = 5_000

/**
 * Tidies up, again and again: `sweep` removes what is spent and resolves with how many files and folders that were; `signal` aborts when the service stops. A round that failed is told in the
 * message, and the next one comes all the same: what is in the way now is gone later. `scarce` says what else is wrong with the disk.
 */
export function janitorService(
  clock: Clock,
  sweep: (signal: AbortSignal) => Promise<number>,
  diskProblem: () => string | undefined = () => undefined,
): Service {
  let forget: () => void = () => undefined
  let swept = 0
  let trouble = ''
  let life = new AbortController()
  let working = Promise.resolve()
  const round = async ({ signal }: AbortController) => {
    try {
      swept += await sweep(signal)
      trouble = ''
    } catch (error) {
      trouble = sanitiseLine(messageOf(error))
    }
    if (!signal.aborted) forget = clock.after(ROUND_MS, begin)
  }
  const begin = () => {
    working = round(life)
  }
  return {
    name: 'janitor',
    desiredAtFirst: 'running',
    essential: true,
    start() {
      life = new AbortController()
      begin()
      return working
    },
    stop() {
      life.abort()
      forget()
      // What says that it has stopped removes nothing more.
      return working
    },
    doing: () => {
      const problem = diskProblem() ?? trouble
      if (problem !== '') return { what: 'trouble', message: problem }
      return swept === 0 ? null : { what: 'swept', count: swept }
    },
  }
}
