import { SCHEDULER } from '../port/scheduler-phase.ts'
import { wordsOf } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { withStore } from '../project/with-store.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * The result of `use`, and a function that warns on stderr if no scheduler will start the stored
 * work now.
 */
interface Queued<T> {
  readonly done: T
  readonly warnIfNotScheduling: () => void
}

/**
 * Runs `use`, which stores work for a scheduler, and returns its result with a function that prints
 * the warning. `alone` is true if no scheduler runs.
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

/** True if no job is to be started, by the wish of the operator or by the configuration. */
export async function isSchedulerStopped(store: StoreCalls): Promise<boolean> {
  const services = await store.call('services.list', {})
  return services.some(({ name, desired }) => name === SCHEDULER && desired === 'stopped')
}
