import type { DomainLimit } from '../model/job/domains.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { ProxyRotation } from '../model/proxy/proxy.ts'
import type { ScheduleSpec } from '../model/schedule/schedule.ts'
import type { TraceSettings } from '../model/trace/trace-settings.ts'
import type { RecycleLimits } from './decide/worker-view.ts'

/** Settings of the configuration that the control layer applies while it runs. */
export interface ControlSettings {
  /** Most workers at once. */
  readonly slots: number
  /** Workers forked ahead of need. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /** Longest wait for running jobs in a drain. */
  readonly drainForMs: number
  /** Longest time for which the browser of a failure is held. */
  readonly keepForMs: number
  readonly trace: TraceSettings
  /** Limit on the size of all traces together. */
  readonly tracesLimitBytes: number
  /**
   * Retention of logs, pictures, traces and reports, and the limit on the size of all logs
   * together.
   */
  readonly keepLogsMs: number
  readonly logsLimitBytes: number
  /** Retention of ended jobs. */
  readonly keepJobsMs: number
  /** Absolute folder of automatic backups, and the number that is kept; 0 for none. */
  readonly backupFolder: string
  readonly keepBackups: number
  readonly proxyRotation: ProxyRotation
  /** Most workers at once on each proxy; 0 for no limit. */
  readonly proxyWorkers: number
  /** Most workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
  /** Receivers of notifications about failures. */
  readonly notify: NotifySettings
  /** Texts that no message may contain. */
  readonly secrets: readonly string[]
  /**
   * Variables of `.env` for workflows. Workers inherit them from this process. Workers that were
   * started with other variables are replaced.
   */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Desired states of services by name, until an operator changes them. */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
  /** Schedules of the project's configuration. */
  readonly schedules: readonly ScheduleSpec[]
}
