import type { CrashReport, CrashSummary } from '../../model/failure/crash.ts'
import type { LogLine } from '../../model/log-line.ts'
import type { CrashDelivery } from '../../model/notify/crash-delivery.ts'
import type { ChannelHealth } from '../../model/notify/outbox-message.ts'
import type { ProxyHealth } from '../../model/proxy/proxy.ts'
import type { Catalogue } from '../../locales/en.ts'
import type { Artefact } from '../../model/worker/documents.ts'
import type { Job } from '../../model/job/job.ts'
import type { JobBlocker } from '../../model/job/job-blocker.ts'
import type { MemberRecord } from '../../model/job/member-record.ts'
import type { Cell, RowKey, TableInfo, TablePage, TableQuery } from '../../model/table.ts'

/** A request of an open screen for data that the snapshot does not contain. */
export type Lookup =
  /** All tables, and one page of the rows of one table. */
  | { readonly type: 'database'; readonly rows: TableQuery | null }
  /** Rows with their complete values. */
  | { readonly type: 'records'; readonly table: string; readonly keys: readonly RowKey[] }
  /** Effective configuration, and health of channels and proxies. */
  | { readonly type: 'settings' }
  /** One crash with all details. */
  | { readonly type: 'crash'; readonly id: number }
  /** One job with all details. */
  | { readonly type: 'job'; readonly id: number }
  /** Last lines of a log file. `path` is relative to the project. */
  | { readonly type: 'log'; readonly path: string }

export type LookupAnswer =
  | { readonly type: 'database'; readonly tables: readonly TableInfo[]; readonly page: TablePage | null }
  /** Rows in the order of the keys; null for a removed row. */
  | {
      readonly type: 'records'
      readonly table: TableInfo
      readonly rows: readonly (readonly Cell[] | null)[]
    }
  | SettingsAnswer
  | { readonly type: 'crash'; readonly detail: CrashDetail }
  | { readonly type: 'job'; readonly detail: JobDetail }
  /** Lines, oldest first. */
  | { readonly type: 'log'; readonly lines: readonly LogLine[] }

/**
 * A crash and its notifications. `noticed` is false until the scheduler has decided whether to
 * notify people of it.
 */
export interface CrashDetail {
  readonly report: CrashReport
  readonly noticed: boolean
  readonly deliveries: readonly CrashDelivery[]
}

/** A job with its blockers and its records, without secrets. */
export interface JobDetail {
  readonly job: Job
  readonly waits: readonly JobBlocker[]
  /** Workers that have ended, ordered by attempt. */
  readonly members: readonly MemberRecord[]
  /** Crashes, newest first. */
  readonly crashes: readonly CrashSummary[]
  /** Files of the job in the log folders. */
  readonly files: readonly Artefact[]
}

export interface SettingsAnswer {
  readonly type: 'settings'
  readonly settings: readonly Setting[]
  readonly channels: readonly ChannelHealth[]
  readonly proxies: readonly ProxyHealth[]
  /** Messages about the parts that could not be read, each with its remedy. */
  readonly problems: readonly string[]
}

/** One setting. Its value is JSON without secrets. */
export interface Setting {
  readonly setting: string
  readonly value: string
  /** Value after a restart of the scheduler, if it differs. */
  readonly next?: string
  readonly source: keyof Catalogue['commands']['source']
  /** Environment variable that sets it. */
  readonly environment: string
}

/** Result of a look-up. `message` states the problem and the remedy. */
export type LookupResult =
  { readonly ok: true; readonly answer: LookupAnswer } | { readonly ok: false; readonly message: string }

/** A look-up that has not been answered yet. */
export interface PendingLookup {
  readonly id: number
  readonly at: number
}
