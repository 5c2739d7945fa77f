import { SCHEDULER } from '../port/scheduler-phase.ts'
import { wordsOf } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { withStore } from '../project/with-store.ts'
import type { StoreCalls } from '../project/with-store.ts'

/** Result of a call, and the function that then reports on stderr if no scheduler starts it now. */
interface Queued<T> {
  readonly done: T
  readonly warnIfNotScheduling: () => void
}

/**
 * Runs `use`, which stores work for a scheduler, and provides the warning if no scheduler does it.
 * With `alone` no scheduler runs.
 */
export async function withQueueWarning<T>(
  project: Project,
  use: (store: StoreCalls, alone: boolean) => Promise<T>,
): Promise<Queued<T>> {
  const { commands } = wordsOf(project)
  const [done, why] = await withStore(project, async (store, alone) => [
    await use(store, alone),
    alone ? commands.noneSchedules : (await isSchedulerStopped(store)) ? commands.schedulerPaused : null,
  ])
  return {
    done,
    warnIfNotScheduling: () => {
      if (why !== null) process.stderr.write(`${why}\n`)
    },
  }
}

/** True if the operator, or the configuration, wants no job to start. */
export async function isSchedulerStopped(store: StoreCalls): Promise<boolean> {
  const services = await store.call('services.list', {})
  return services.some(({ name, desired }) => name === SCHEDULER && desired === 'stopped')
}
