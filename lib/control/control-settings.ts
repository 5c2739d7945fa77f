import type { DomainLimit } from '../model/job/domains.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { ProxyRotation } from '../model/proxy/proxy.ts'
import type { ScheduleSpec } from '../model/schedule/schedule.ts'
import type { TraceSettings } from '../model/trace/trace-settings.ts'
import type { RecycleLimits } from './decide/worker-view.ts'

/** Settings of the configuration that the control layer applies while it runs. */
export interface ControlSettings {
  /** Maximum number of workers at once. */
  readonly slots: number
  /** Number of workers forked ahead of need. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /** Longest time for which a drain waits for running jobs. */
  readonly drainForMs: number
  /** Longest time for which a browser is held open after a failure. */
  readonly keepForMs: number
  readonly trace: TraceSettings
  /** Limit on the total size of all traces. */
  readonly tracesLimitBytes: number
  /**
   * Retention of logs, pictures, traces and reports. `logsLimitBytes` limits the total size of all
   * logs.
   */
  readonly keepLogsMs: number
  readonly logsLimitBytes: number
  /** Retention of ended jobs. */
  readonly keepJobsMs: number
  /**
   * Absolute path of the folder for automatic backups. `keepBackups` is the number of backups to
   * keep. If it is 0, no backup is made.
   */
  readonly backupFolder: string
  readonly keepBackups: number
  readonly proxyRotation: ProxyRotation
  /** Maximum number of workers at once on each proxy; 0 for no limit. */
  readonly proxyWorkers: number
  /** Maximum number of workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
  /** Channels and quiet hours of notifications. */
  readonly notify: NotifySettings
  /** Texts that no message may contain. */
  readonly secrets: readonly string[]
  /**
   * Variables of `.env` for workflows. Workers inherit them from this process. Workers that were
   * started with other variables are replaced.
   */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Desired states of services by name. Each applies until an operator changes it. */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
  /** Schedules of the project's configuration. */
  readonly schedules: readonly ScheduleSpec[]
}
