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

/** A read of a screen outside of the snapshot, while the screen is open. */
export type Lookup =
  /** All tables, and a page of the rows of one. */
  | { readonly type: 'database'; readonly rows: TableQuery | null }
  /** Rows with their complete values. */
  | { readonly type: 'records'; readonly table: string; readonly keys: readonly RowKey[] }
  /** Effective configuration, and health of channels and proxies. */
  | { readonly type: 'settings' }
  /** One crash with all details. */
  | { readonly type: 'crash'; readonly id: number }
  /** One job with all details. */
  | { readonly type: 'job'; readonly id: number }
  /** End of a log file, with its path within the project. */
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

/** A crash, and its notifications. Without `noticed` there is no decision about it yet. */
export interface CrashDetail {
  readonly report: CrashReport
  readonly noticed: boolean
  readonly deliveries: readonly CrashDelivery[]
}

/** A job with its blockers and its records, without secrets. */
export interface JobDetail {
  readonly job: Job
  readonly waits: readonly JobBlocker[]
  /** Workers that have ended, attempt by attempt. */
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
  /** Parts that could not be read, with the remedies. */
  readonly problems: readonly string[]
}

/** One setting; its value is JSON without secrets. */
export interface Setting {
  readonly setting: string
  readonly value: string
  /** Value after a restart of the scheduler, if it differs. */
  readonly next?: string
  readonly source: keyof Catalogue['commands']['source']
  /** Environment variable that sets it. */
  readonly environment: string
}

/** Result of a look-up. `message` has the problem and the remedy. */
export type LookupResult =
  { readonly ok: true; readonly answer: LookupAnswer } | { readonly ok: false; readonly message: string }

/** A look-up that waits for its answer. */
export interface PendingLookup {
  readonly id: number
  readonly at: number
}
