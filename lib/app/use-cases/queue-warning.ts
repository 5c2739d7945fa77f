import { SCHEDULER } from '../port/scheduler-phase.ts'
import { wordsOf } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { withStore } from '../project/with-store.ts'
import type { StoreCalls } from '../project/with-store.ts'

/** What came of it, and how to say on stderr, behind that, that nothing of it starts for now. */
interface Queued<T> {
  readonly done: T
  readonly warnIfNotScheduling: () => void
}

/** Runs `use`, which gives the store something to do for a scheduler, and reports when no scheduler does it. `alone`: no scheduler runs. */
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

/** Whether the operator, or the configuration, wants no job to start. */
export async function isSchedulerStopped(store: StoreCalls): Promise<boolean> {
  const services = await store.call('services.list', {})
  return services.some(({ name, desired }) => name === SCHEDULER && desired === 'stopped')
}
