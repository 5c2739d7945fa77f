import type { Log } from '../../../core/log.ts'
import type { ClaimScope } from '../../../model/job/job.ts'
import type { ScheduleSpec } from '../../../model/schedule/schedule.ts'
import type { Store } from '../../../store/store.ts'

interface Declared {
  readonly store: Store
  readonly log: Log
  readonly schedules: readonly ScheduleSpec[]
  /**
   * Jobs of a scheduler that runs for them alone. Such a scheduler does not remove other schedules.
   */
  readonly scope?: ClaimScope
}

/** Stores the schedules of the project's configuration. Logs a schedule that cannot be used. */
export async function declareSchedules({ store, schedules, log, scope }: Declared): Promise<void> {
  const removeOthers = scope === undefined
  const { refused } = await store.call('schedules.declare', { schedules: [...schedules], removeOthers })
  for (const name of refused) {
    log.error(
      `Schedule "${name}" of the configuration is not used: an operator has made one of that name. Rename it, or remove the other with "automate-tui schedules remove ${name}" and start again.`,
    )
  }
}
