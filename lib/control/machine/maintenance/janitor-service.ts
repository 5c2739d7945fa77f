import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { sanitiseLine } from '../../../core/text/sanitise.ts'
import type { Service } from '../../service.ts'

/** Pause between two rounds of the janitor. */
const ROUND_MS = 5_000

/**
 * Returns the service that removes expired files at intervals. `sweep` resolves with the number of
 * removed files and folders, and its `signal` aborts when the service stops. The failure of a round
 * is shown as the message of the service. The next round runs anyway, because the obstacle may be
 * gone by then. `diskProblem` returns any other problem of the disk, which is shown instead.
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
      // A service that has reported its stop must not remove anything afterwards.
      return working
    },
    doing: () => {
      const problem = diskProblem() ?? trouble
      if (problem !== '') return { what: 'trouble', message: problem }
      return swept === 0 ? null : { what: 'swept', count: swept }
    },
  }
}
