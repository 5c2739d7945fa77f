import type { Notifier } from '../notifier/notifier.ts'
import type { Service } from '../../service.ts'

/** Tells people of failures while it runs. What comes while it is stopped is told when it starts again. */
export function notifierService(notifier: Notifier): Service {
  return {
    name: 'notifier',
    desiredAtFirst: 'running',
    essential: true,
    start: () => notifier.start(),
    stop: () => notifier.stop(),
    doing: () => notifier.doing(),
  }
}
