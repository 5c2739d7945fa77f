import type { SchedulerDocument, ServiceDocument } from '../../model/worker/documents.ts'
import type { Catalogue } from '../../locales/en.ts'

export const SCHEDULER = 'scheduler'

/** What is known of a scheduler and its services at one moment. */
export interface KnownScheduler {
  readonly scheduler: SchedulerDocument | null
  readonly services: readonly ServiceDocument[]
}

/** What the scheduler does. Where it was paused, the document of its service says that it starts a moment before its own does. */
export function schedulerPhase({ scheduler, services }: KnownScheduler): SchedulerDocument['phase'] {
  const phase = scheduler?.phase ?? 'starting'
  const starts = services.some(({ name, actual }) => name === SCHEDULER && actual === 'starting')
  return phase === 'paused' && starts ? 'starting' : phase
}

/** Returns whether the scheduler claims nothing because its package is missing on the disk. */
export const lacksPackage = ({ scheduler }: Pick<KnownScheduler, 'scheduler'>): boolean =>
  scheduler?.phase === 'draining' && scheduler.replaced?.version === null

/** Whether a service is the scheduler's, stopped by a person: what runs goes on, and so it is called paused, as the scheduler itself is. */
export const isPaused = (
  { name, actual }: Pick<ServiceDocument, 'name' | 'actual'>,
  known: KnownScheduler,
): boolean => name === SCHEDULER && actual === 'stopped' && schedulerPhase(known) === 'paused'

/** What a service does, in the words of a language. */
export function serviceState(
  service: Pick<ServiceDocument, 'name' | 'actual'>,
  known: KnownScheduler,
  words: Catalogue,
): string {
  return isPaused(service, known) ? words.schedulerPhase.paused : words.serviceState[service.actual]
}
