import { sanitiseLine } from '../../core/sanitise.ts'
import type { ProjectTrust } from '../project-trust.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Service } from './service.ts'

/** Claims jobs while it runs. Stopping it stops claims, never the store, and lets running jobs end. A restart reads the workflows anew. */
export function schedulerService(
  scheduler: Scheduler,
  readWorkflows: () => Promise<void>,
  trust: Pick<ProjectTrust, 'trouble'>,
): Service {
  return {
    name: 'scheduler',
    desiredAtFirst: 'running',
    async start() {
      scheduler.setMode('starting')
      try {
        await readWorkflows()
      } catch (error) {
        scheduler.setMode('paused')
        throw error
      }
      scheduler.setMode('scheduling')
    },
    stop(reason) {
      scheduler.setMode(reason === 'restart' ? 'starting' : 'paused')
      return Promise.resolve()
    },
    doing: () => {
      const trouble = trust.trouble ?? scheduler.forkTrouble
      return trouble === undefined ? null : { what: 'trouble', message: sanitiseLine(trouble) }
    },
  }
}
