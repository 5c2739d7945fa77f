import type { SchedulerDocument, ServiceDocument } from '../../model/worker/documents.ts'
import type { Catalogue } from '../../locales/en.ts'

export const SCHEDULER = 'scheduler'

/** State of a scheduler and its services at one moment. */
export interface KnownScheduler {
  readonly scheduler: SchedulerDocument | null
  readonly services: readonly ServiceDocument[]
}

/**
 * Returns the scheduler's phase. The document of the service takes precedence over the scheduler's
 * own, because after a pause it shows `starting` slightly earlier.
 */
export function schedulerPhase({ scheduler, services }: KnownScheduler): SchedulerDocument['phase'] {
  const phase = scheduler?.phase ?? 'starting'
  const starts = services.some(({ name, actual }) => name === SCHEDULER && actual === 'starting')
  return phase === 'paused' && starts ? 'starting' : phase
}

/** True if the scheduler claims no jobs because the program's package is missing from the disk. */
export const lacksPackage = ({ scheduler }: Pick<KnownScheduler, 'scheduler'>): boolean =>
  scheduler?.phase === 'draining' && scheduler.replaced?.version === null

/**
 * True if the service is `scheduler` and a person has stopped it. It is shown as paused, not as
 * stopped, because running jobs continue.
 */
export const isPaused = (
  { name, actual }: Pick<ServiceDocument, 'name' | 'actual'>,
  known: KnownScheduler,
): boolean => name === SCHEDULER && actual === 'stopped' && schedulerPhase(known) === 'paused'

/** Returns the state of a service in the words of a language. */
export function serviceState(
  service: Pick<ServiceDocument, 'name' | 'actual'>,
  known: KnownScheduler,
  words: Catalogue,
): string {
  return isPaused(service, known) ? words.schedulerPhase.paused : words.serviceState[service.actual]
}
