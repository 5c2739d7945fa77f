import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { sanitiseLine } from '../../core/sanitise.ts'
import type { Service } from './service.ts'

/** How often the janitor looks around. */
const ROUND_MS = 5_000

/**
 * Tidies up, again and again: `sweep` removes what is spent and answers how many files and folders that were. A round that failed is told in the
 * message, and the next one comes all the same: what is in the way now is gone later.
 */
export function janitorService(clock: Clock, sweep: () => number): Service {
  let forget: () => void = () => undefined
  let swept = 0
  let trouble = ''
  const round = () => {
    try {
      swept += sweep()
      trouble = ''
    } catch (error) {
      trouble = sanitiseLine(messageOf(error))
    }
    forget = clock.after(ROUND_MS, round)
  }
  return {
    name: 'janitor',
    desiredAtFirst: 'running',
    start() {
      round()
      return Promise.resolve()
    },
    stop() {
      forget()
      return Promise.resolve()
    },
    doing: () => {
      if (trouble !== '') return { what: 'trouble', message: trouble }
      return swept === 0 ? null : { what: 'swept', count: swept }
    },
  }
}
