import type { Clock } from '../core/time/clock.ts'
import type { ClockWatch } from './clock/clock-watch.ts'
import type { ControlSettings } from './control-settings.ts'
import { ProfileSweep } from './machine/maintenance/profile-sweep.ts'
import { DailyBackup } from './machine/maintenance/daily-backup.ts'
import type { DailyBackupDependencies } from './machine/maintenance/daily-backup.ts'
import { LogRetention } from './machine/maintenance/log-retention.ts'
import type { LogsInUse } from './machine/maintenance/log-retention.ts'
import { StoreSweep } from './leader/queue/store-sweep.ts'
import type { StoreSweepDependencies } from './leader/queue/store-sweep.ts'
import { sweep } from './machine/maintenance/cleanup.ts'
import { TraceQuota } from './machine/maintenance/trace-quota.ts'
import type { TraceQuotaDependencies } from './machine/maintenance/trace-quota.ts'

export interface TidyingDependencies
  extends TraceQuotaDependencies, StoreSweepDependencies, DailyBackupDependencies {
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'rests' | 'removalAge' | 'gaps'>
  readonly keepLogsMs: ControlSettings['keepLogsMs']
  readonly logsLimitBytes: ControlSettings['logsLimitBytes']
  readonly logsInUse: () => LogsInUse
}

/**
 * Returns a function that does one round of the janitor. A round removes files, folders and records
 * beyond their retention, and traces and logs beyond their limits. It begins a backup if one is
 * due, and resolves with the number of removals. Each round uses the current values of `deps`.
 */
export function tidying(deps: TidyingDependencies): (signal?: AbortSignal) => Promise<number> {
  const { paths, clock, log } = deps
  const profiles = new ProfileSweep(paths, log)
  const quota = new TraceQuota(deps)
  const records = new StoreSweep(deps)
  const backups = new DailyBackup(deps)
  const logs = new LogRetention({
    ...{ paths, log },
    inUse: deps.logsInUse,
    get keepMs() {
      // The limit on the size also applies while nothing is removed because of its age.
      return deps.clockWatch.removalAge(deps.keepLogsMs)
    },
    get limitBytes() {
      return deps.logsLimitBytes
    },
  })
  return async (signal = new AbortController().signal) => {
    const { rests } = deps.clockWatch
    const removed =
      sweep(paths, clock.now(), log, profiles, rests) +
      (await quota.round(clock.now())) +
      (await logs.round(clock.now()))
    return rests ? removed : removed + (await records.round()) + backups.begin(signal)
  }
}
