import type { Schedules } from '../schedules/schedules.ts'
import type { Service } from '../../service.ts'

/**
 * Returns the service that queues the jobs of schedules. Runs that become due while the service is
 * stopped are made up at its next start, as far as each schedule allows.
 */
export function cronService(schedules: Schedules): Service {
  return {
    name: 'cron',
    desiredAtFirst: 'running',
    essential: true,
    start() {
      schedules.start()
      return Promise.resolve()
    },
    stop: () => schedules.stop(),
    doing() {
      if (schedules.broken !== '') return { what: 'trouble', message: schedules.broken }
      const { nextRun } = schedules
      return nextRun === null ? null : { what: 'next-run', ...nextRun }
    },
  }
}
