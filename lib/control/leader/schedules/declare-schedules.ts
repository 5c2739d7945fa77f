import type { Log } from '../../../core/log.ts'
import type { ClaimScope } from '../../../model/job/job.ts'
import type { ScheduleSpec } from '../../../model/schedule/schedule.ts'
import type { Store } from '../../../store/store.ts'

interface Declared {
  readonly store: Store
  readonly log: Log
  readonly schedules: readonly ScheduleSpec[]
  /**
   * Jobs to which the scheduler is restricted, if it is. Such a scheduler does not remove other
   * schedules.
   */
  readonly scope?: ClaimScope
}

/** Stores the schedules of the project's configuration. Logs a schedule that cannot be used. */
export async function declareSchedules({ store, schedules, log, scope }: Declared): Promise<void> {
  const removeOthers = scope === undefined
  const { refused } = await store.call('schedules.declare', { schedules: [...schedules], removeOthers })
  for (const name of refused) {
    log.error(
      `Schedule "${name}" of the configuration is not used, because an operator has added a schedule of the same name. Rename it, or remove the other one with "automate-tui schedules remove ${name}" and start the scheduler again.`,
    )
  }
}
