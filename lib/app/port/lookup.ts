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

/** What a screen reads beside the snapshot, while it is looked at. */
export type Lookup =
  /** The tables, and a page of the rows of one. */
  | { readonly type: 'database'; readonly rows: TableQuery | null }
  /** Rows with their values whole. */
  | { readonly type: 'records'; readonly table: string; readonly keys: readonly RowKey[] }
  /** The effective configuration, and how channels and proxies do. */
  | { readonly type: 'settings' }
  /** One crash, whole. */
  | { readonly type: 'crash'; readonly id: number }
  /** One job, whole. */
  | { readonly type: 'job'; readonly id: number }
  /** The end of a log file; its path within the project. */
  | { readonly type: 'log'; readonly path: string }

export type LookupAnswer =
  | { readonly type: 'database'; readonly tables: readonly TableInfo[]; readonly page: TablePage | null }
  /** In the order of the keys; null for a row that is gone. */
  | {
      readonly type: 'records'
      readonly table: TableInfo
      readonly rows: readonly (readonly Cell[] | null)[]
    }
  | SettingsAnswer
  | { readonly type: 'crash'; readonly detail: CrashDetail }
  | { readonly type: 'job'; readonly detail: JobDetail }
  /** Oldest first. */
  | { readonly type: 'log'; readonly lines: readonly LogLine[] }

/** A crash, and whom was told of it; not `noticed`, nobody has decided on that yet. */
export interface CrashDetail {
  readonly report: CrashReport
  readonly noticed: boolean
  readonly deliveries: readonly CrashDelivery[]
}

/** A job with what keeps it back and what it left, without secrets. */
export interface JobDetail {
  readonly job: Job
  readonly waits: readonly JobBlocker[]
  /** The workers that have ended, attempt by attempt. */
  readonly members: readonly MemberRecord[]
  /** Newest first. */
  readonly crashes: readonly CrashSummary[]
  /** What lies in the folders of logs. */
  readonly files: readonly Artefact[]
}

export interface SettingsAnswer {
  readonly type: 'settings'
  readonly settings: readonly Setting[]
  readonly channels: readonly ChannelHealth[]
  readonly proxies: readonly ProxyHealth[]
  /** What of it could not be read, and what to do. */
  readonly problems: readonly string[]
}

/** One setting; its value is JSON without secrets. */
export interface Setting {
  readonly setting: string
  readonly value: string
  /** The value that it has after a restart of the scheduler, where that is another. */
  readonly next?: string
  readonly source: keyof Catalogue['commands']['source']
  /** The variable of the environment that sets it. */
  readonly environment: string
}

/** `message` says what happened and what to do. */
export type LookupResult =
  { readonly ok: true; readonly answer: LookupAnswer } | { readonly ok: false; readonly message: string }

/** A look-up that waits for its answer. */
export interface PendingLookup {
  readonly id: number
  readonly at: number
}
