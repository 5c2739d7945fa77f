import type { DomainLimit } from '../model/job/domains.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { ProxyRotation } from '../model/proxy/proxy.ts'
import type { ScheduleSpec } from '../model/schedule/schedule.ts'
import type { TraceSettings } from '../model/trace/trace-settings.ts'
import type { RecycleLimits } from './decide/worker-view.ts'

/** What of the configuration the control layer takes over while it runs. */
export interface ControlSettings {
  /** Most workers at once. */
  readonly slots: number
  /** Workers forked ahead of need. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /** How long what runs may take to end in a drain. */
  readonly drainForMs: number
  /** How long the browser of a failure that asks for it stays open to be looked at. */
  readonly keepForMs: number
  readonly trace: TraceSettings
  /** What all traces together may take. */
  readonly tracesLimitBytes: number
  /** How long logs, pictures, traces and reports are kept, and what all logs together may take. */
  readonly keepLogsMs: number
  readonly logsLimitBytes: number
  /** How long jobs are kept that have ended. */
  readonly keepJobsMs: number
  /** The folder of automatic backups, absolute, and how many are kept; 0 for none. */
  readonly backupFolder: string
  readonly keepBackups: number
  readonly proxyRotation: ProxyRotation
  /** Most workers at once on each proxy; 0 for as many as there are. */
  readonly proxyWorkers: number
  /** Most workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
  /** Whom to tell of failures. */
  readonly notify: NotifySettings
  /** Texts that must not leave in a message. */
  readonly secrets: readonly string[]
  /** What `.env` has for workflows. Workers inherit it from this process; those that were started with other variables are replaced. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** By their names, what the configuration wants of services until an operator says otherwise. */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
  /** The schedules of the project's configuration. */
  readonly schedules: readonly ScheduleSpec[]
}
