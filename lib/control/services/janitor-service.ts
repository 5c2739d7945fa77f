import type { Clock } from '../../core/clock.ts'
import type { Service } from './service.ts'

/** How often the janitor looks around. */
const ROUND_MS = 5_000

/** Tidies up, again and again: `sweep` removes what is spent and answers how many files and folders that were. */
export function janitorService(clock: Clock, sweep: () => number): Service {
  let forget: () => void = () => undefined
  let swept = 0
  const round = () => {
    swept += sweep()
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
    doing: () => (swept === 0 ? null : { what: 'swept', count: swept }),
  }
}
