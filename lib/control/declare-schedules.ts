import type { Log } from '../core/log.ts'
import type { ScheduleSpec } from '../domain/schedule.ts'
import type { Store } from '../store/store.ts'

interface Declared {
  readonly store: Store
  readonly log: Log
  readonly schedules: readonly ScheduleSpec[]
}

/** Brings the schedules of the project's configuration into the store; one that cannot be used is told to the log. */
export async function declareSchedules({ store, schedules, log }: Declared): Promise<void> {
  const { refused } = await store.call('schedules.declare', { schedules: [...schedules] })
  for (const name of refused) {
    log.error(
      `Schedule "${name}" of the configuration is not used: an operator has made one of that name. Rename it, or remove the other with "automate-tui schedules remove ${name}" and start again.`,
    )
  }
}
