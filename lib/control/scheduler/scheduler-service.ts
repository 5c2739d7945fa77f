import { sanitiseLine } from '../../core/text/sanitise.ts'
import type { ProjectTrust } from '../project-trust.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoreWrites } from '../store-writes.ts'
import type { Service } from '../service.ts'

interface Workflows {
  readonly trouble: string | undefined
  read(): Promise<void>
}

/**
 * Returns the service that claims jobs. Stopping the service stops claims, never the store, and
 * lets running jobs end. A restart reads the workflows again. The service also runs while the
 * workflows cannot be read, because that state passes by itself. No job is claimed until then.
 */
export function schedulerService(
  scheduler: Scheduler,
  workflows: Workflows,
  trust: Pick<ProjectTrust, 'trouble'>,
  writes: Pick<StoreWrites, 'trouble'>,
): Service {
  return {
    name: 'scheduler',
    desiredAtFirst: 'running',
    essential: true,
    async start() {
      scheduler.setMode('starting')
      await workflows.read()
      scheduler.setMode('scheduling')
    },
    stop(reason) {
      scheduler.setMode(reason === 'restart' ? 'starting' : 'paused')
      return Promise.resolve()
    },
    doing: () => {
      const trouble = trust.trouble ?? writes.trouble ?? scheduler.forkTrouble ?? workflows.trouble
      return trouble === undefined ? null : { what: 'trouble', message: sanitiseLine(trouble) }
    },
  }
}
