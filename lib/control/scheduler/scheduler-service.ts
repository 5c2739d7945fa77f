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
 * Returns the service that claims jobs. Stopping it ends the claims, but running jobs continue, and
 * the store stays open. A restart reads the workflows again. The service also runs while the
 * workflows cannot be read, because that problem can resolve itself. Until then no job is claimed.
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
