import { NO_LIMITS } from '../../../lib/control/decide/concurrency.ts'
import type { SchedulerView } from '../../../lib/control/decide/scheduler-view.ts'

/** Returns the view of a scheduler without work, with four slots, no warm workers and no limits. */
export const schedulerView = (change: Partial<SchedulerView>): SchedulerView => ({
  mode: 'scheduling',
  urgent: false,
  writableSince: 0,
  slots: 4,
  warm: 0,
  recycle: { jobs: 100, bytes: 1_000_000 },
  warmAfter: 0,
  workers: [],
  needs: new Map(),
  claimable: [],
  runs: [],
  limits: NO_LIMITS,
  ...change,
})
