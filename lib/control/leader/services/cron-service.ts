import type { Schedules } from '../schedules/schedules.ts'
import type { Service } from '../../service.ts'

/** Queues the jobs of schedules while it runs. What falls due while it is stopped is caught up on when it starts, as far as each schedule allows. */
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
