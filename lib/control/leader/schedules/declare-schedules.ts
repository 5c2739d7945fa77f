import type { Log } from '../../../core/log.ts'
import type { ClaimScope } from '../../../model/job/job.ts'
import type { ScheduleSpec } from '../../../model/schedule/schedule.ts'
import type { Store } from '../../../store/store.ts'

interface Declared {
  readonly store: Store
  readonly log: Log
  readonly schedules: readonly ScheduleSpec[]
  /** A scheduler that runs for one job leaves the schedules of others alone. */
  readonly scope?: ClaimScope
}

/** Brings the schedules of the project's configuration into the store; one that cannot be used is told to the log. */
export async function declareSchedules({ store, schedules, log, scope }: Declared): Promise<void> {
  const removeOthers = scope === undefined
  const { refused } = await store.call('schedules.declare', { schedules: [...schedules], removeOthers })
  for (const name of refused) {
    log.error(
      `Schedule "${name}" of the configuration is not used: an operator has made one of that name. Rename it, or remove the other with "automate-tui schedules remove ${name}" and start again.`,
    )
  }
}
