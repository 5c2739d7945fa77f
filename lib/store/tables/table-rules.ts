import { z } from 'zod'
import { Domain } from '../../model/job/domains.ts'
import { Job, JobState, jobEnded } from '../../model/job/job.ts'
import { Instant } from '../../model/json.ts'
import type { TableColumn } from '../../model/table.ts'
import type { Database } from '../engine/database.ts'
import type { Row } from '../engine/sql-value.ts'
import { LEASE_HELD } from '../operations/logins/account-lease.ts'

/** Changes that a person may make to a column. A column without a rule is read-only. */
export interface ColumnRule {
  readonly kind?: TableColumn['kind']
  readonly edit?: TableColumn['edit']
  /** Schema that a typed value must match, in addition to its kind. */
  readonly value?: z.ZodType
  /**
   * SQL of further assignments when the column is changed. `$domains` are the domains that the new
   * value leads to.
   */
  readonly alsoSet?: string
}

/** Changes that a person may make to a table. */
export interface TableRules {
  readonly columns: Readonly<Record<string, ColumnRule>>
  /** SQL condition for the rows that a person may see. */
  readonly only?: string
  /**
   * Values of a new row, in addition to those that were typed; null if people may not insert rows.
   */
  readonly insert: Readonly<Record<string, number | string | null>> | null
  /** SQL of further assignments when a person changes a row. */
  readonly alsoSet?: string
  /** Returns the reason why a row must not be changed; null if it may be changed. */
  readonly keeps?: (row: Row) => string | null
  /** SQL statement that removes a row, without its WHERE clause; null if no row may be removed. */
  readonly remove: string | null
  /** Returns the reason why a row must not be removed; null if it may be removed. */
  readonly stays?: (row: Row, db: Database) => string | null
}

const instant: ColumnRule = { kind: 'instant' }
const json: ColumnRule = { kind: 'json' }
const LOOK_ONLY = { insert: null, remove: null } as const

const Name = z.string().min(1).max(200)

const stateOf = (row: Row) => JobState.parse(row['state'])

/**
 * True if a row of `sessions` has a valid lease. After the scheduler's death the row still names
 * its holder, but the lease is no longer valid.
 */
function isHeld(db: Database, { site = null, account = null }: Row): boolean {
  return (
    db.one(`SELECT site FROM sessions WHERE site = $site AND account = $account AND ${LEASE_HELD}`, {
      site,
      account,
    }) !== undefined
  )
}

/**
 * Tables that a person may see, with the changes that do no harm to a running job. All other tables
 * are internal and are not shown, so that no secret is shown by accident.
 */
export const TABLE_RULES: Readonly<Record<string, TableRules>> = {
  jobs: {
    columns: {
      input: {
        ...json,
        edit: 'always',
        // The worker that runs the job records its account again.
        alsoSet: `domains = $domains, account_site = NULL, account = NULL,
          wait_reason = iif(wait_reason ->> 'why' = 'account', NULL, wait_reason)`,
      },
      priority: { edit: 'always', value: Job.shape.priority },
      retries: {
        edit: 'always',
        value: Job.shape.retries.max(1_000),
        // The workflow must not decide a value that a person has set.
        alsoSet: `unresolved = (SELECT nullif(json_group_array(value), '[]') FROM json_each(unresolved) WHERE value <> 'retries')`,
      },
      due_at: { ...instant, edit: 'always', value: Instant },
      queued_at: instant,
      started_at: instant,
      attempt_started_at: instant,
      ended_at: instant,
      cancel_requested_at: instant,
      result: json,
      error: json,
      proxy: json,
      proxies_tried: json,
      domains: json,
      unresolved: json,
    },
    insert: null,
    keeps: row =>
      stateOf(row) === 'running' ? 'The job is running. Wait until it has ended, or cancel it first.' : null,
    remove: 'DELETE FROM jobs',
    stays: row =>
      jobEnded(stateOf(row))
        ? null
        : 'The job has not ended, and other jobs may wait for it. Cancel it first.',
  },
  crashes: {
    columns: { at: instant, document: json, notified_by: json },
    insert: null,
    remove: 'DELETE FROM crashes',
  },
  counters: {
    columns: {
      name: { edit: 'new', value: Name },
      value: { edit: 'always', value: z.int() },
    },
    insert: {},
    remove: 'DELETE FROM counters',
  },
  shared_values: {
    columns: {
      map: { edit: 'new', value: Name },
      key: { edit: 'new', value: Name },
      value: { ...json, edit: 'always' },
    },
    // A deleted value still has its row with its version, so that a worker that has read the value
    // before notices the deletion.
    only: 'value IS NOT NULL',
    insert: { version: 1 },
    alsoSet: 'version = version + 1',
    remove: 'UPDATE shared_values SET value = NULL, version = version + 1',
  },
  proxies: { columns: { cool_until: instant, last_used_at: instant }, ...LOOK_ONLY },
  domain_pauses: {
    columns: {
      domain: { edit: 'new', value: Domain },
      until: { ...instant, edit: 'always', value: Instant },
    },
    insert: { status: 429, streak: 0 },
    remove: 'DELETE FROM domain_pauses',
  },
  sessions: {
    columns: { sealed: { kind: 'sealed' }, saved_at: instant, held_at: instant },
    insert: null,
    remove: 'DELETE FROM sessions',
    stays: (row, db) =>
      isHeld(db, row) ? 'A worker uses the account. Wait until the worker has ended.' : null,
  },
  schedules: {
    columns: {
      input: json,
      timing: json,
      active_hours: json,
      starts_at: instant,
      considered_at: instant,
    },
    ...LOOK_ONLY,
  },
  schedule_runs: { columns: { at: instant, due_at: instant }, ...LOOK_ONLY },
  services: { columns: {}, ...LOOK_ONLY },
  messages: {
    columns: { notice: json, queued_at: instant, ended_at: instant },
    insert: null,
    remove: 'DELETE FROM messages',
    stays: row => (row['state'] === 'waiting' ? 'The message is being sent.' : null),
  },
  crash_causes: { columns: { document: json, healed_at: instant }, ...LOOK_ONLY },
  members: { columns: { outcome: json, history: json, ended_at: instant }, ...LOOK_ONLY },
  offers: { columns: { result: json, offered_at: instant }, ...LOOK_ONLY },
  discoveries: {
    columns: {
      value: json,
      error: json,
      opened_at: instant,
      lease_until: instant,
      settled_at: instant,
      valid_until: instant,
    },
    ...LOOK_ONLY,
  },
  job_dependencies: { columns: {}, ...LOOK_ONLY },
}

/**
 * Tables that are never shown to people: the store's own records, and the commands for workers,
 * which may contain secret text that a person typed.
 */
export const OWN_TABLES = [
  'applied_requests',
  'clock_gaps',
  'counter_marks',
  'discovery_askers',
  'job_counts',
  'migrations',
  'worker_commands',
] as const

/** Returns the names of the tables in the database, without SQLite's own tables. */
export function tableNames(db: Database): string[] {
  return z
    .array(z.object({ name: z.string() }))
    .parse(
      db.all(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      ),
    )
    .map(({ name }) => name)
}
