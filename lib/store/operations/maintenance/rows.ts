import { z } from 'zod'
import { AutomateError, errorToRecord } from '../../../core/errors/errors.ts'
import { sanitiseLine } from '../../../core/text/sanitise.ts'
import { DomainPause } from '../../../model/job/domains.ts'
import { describeIssues } from '../../../model/issues.ts'
import { ENDED_STATES, JobState } from '../../../model/job/job.ts'
import { ProxyHealth } from '../../../model/proxy/proxy.ts'
import type { Database } from '../../engine/database.ts'
import type { Row } from '../../engine/sql-value.ts'
import { CRASH_COLUMNS, CrashRow } from '../notify/crashes.ts'
import { defineOperation } from '../define.ts'
import { PAUSE_COLUMNS } from '../domains.ts'
import { failReported } from '../notify/failure-report.ts'
import { sqlList } from '../jobs/find-job.ts'
import { JOB_COLUMNS, JobRow } from '../jobs/job-row.ts'
import { PROXY_COLUMNS } from '../proxies.ts'
import { SCHEDULE_COLUMNS, ScheduleRow } from '../schedules/schedule-row.ts'
import { SERVICE_COLUMNS, ServiceWish } from '../services.ts'

interface Kept {
  readonly table: string
  readonly key: string
  readonly columns: string
  readonly schema: z.ZodType
  /** Returns advice on how to repair a row that does not match the schema. */
  readonly remedy: (key: string) => string
}

const inTable = (table: string, column: string) => (key: string) =>
  `Read it with "automate-tui db rows ${table}", and remove it with "automate-tui db remove ${table} --key ${column}=${key}"`

const byHand = () => 'Repair it with "sqlite3" while nothing runs in the project, or restore a backup'

/** Tables whose rows the program still needs after a restart. */
const KEPT: readonly Kept[] = [
  { table: 'jobs', key: 'id', columns: JOB_COLUMNS, schema: JobRow, remedy: inTable('jobs', 'id') },
  { table: 'crashes', key: 'id', columns: CRASH_COLUMNS, schema: CrashRow, remedy: inTable('crashes', 'id') },
  {
    ...{ table: 'schedules', key: 'name', columns: SCHEDULE_COLUMNS, schema: ScheduleRow },
    remedy: key => `Remove it with "automate-tui schedules remove ${key}", and add it again`,
  },
  { table: 'services', key: 'name', columns: SERVICE_COLUMNS, schema: ServiceWish, remedy: byHand },
  { table: 'proxies', key: 'id', columns: PROXY_COLUMNS, schema: ProxyHealth, remedy: byHand },
  {
    ...{ table: 'domain_pauses', key: 'domain', columns: PAUSE_COLUMNS, schema: DomainPause },
    remedy: inTable('domain_pauses', 'domain'),
  },
]

const Problem = z.object({ table: z.string(), key: z.string(), message: z.string() })
type Problem = z.infer<typeof Problem>

/** Maximum number of problems in a report. */
const MOST_TOLD = 100

/**
 * Returns the rows that another program has damaged, with the problem of each and its remedy. The
 * program ignores these rows.
 */
const checkRows = defineOperation({
  name: 'rows.check',
  kind: 'read',
  input: z.object({}),
  output: z.array(Problem),
  run: db => KEPT.flatMap(kept => problemsIn(db, kept, 'TRUE')).slice(0, MOST_TOLD),
})

/**
 * States of jobs that have not ended. They are listed because SQLite does not use an index for NOT
 * IN.
 */
const OPEN_STATES = sqlList(JobState.options.filter(state => !ENDED_STATES.some(ended => ended === state)))

/**
 * SQL conditions for the rows that a scheduler still works on, by table. The history is left out so
 * that it does not delay a start; `rows.check` covers it.
 */
const PENDING: Readonly<Record<string, string>> = {
  jobs: `state IN (${OPEN_STATES})`,
  crashes: 'noticed = 0',
}

/**
 * Reports the unusable rows among those that a starting scheduler works on. Fails each job whose
 * row cannot be read, and stores a crash report for it, so that the job does not block others. A
 * person can retry the job after repairing its row.
 */
const tendRows = defineOperation({
  name: 'rows.tend',
  kind: 'write',
  input: z.object({}),
  output: z.array(Problem),
  run(db, _input, { now }) {
    const problems = KEPT.flatMap(kept => problemsIn(db, kept, PENDING[kept.table] ?? 'TRUE'))
    for (const { key, message } of problems.filter(({ table }) => table === 'jobs')) {
      const error = new AutomateError('document-invalid', message)
      error.stack = `${error.name}: ${message}`
      failReported(db, Number(key), OPEN_STATES, errorToRecord(error), now)
    }
    return problems.slice(0, MOST_TOLD)
  },
})

function problemsIn(db: Database, { table, key, columns, schema, remedy }: Kept, where: string): Problem[] {
  const problems: Problem[] = []
  db.each(`SELECT "${key}" AS its_key, ${columns} FROM ${table} WHERE ${where}`, [], row => {
    const parsed = schema.safeParse(row)
    if (parsed.success) return
    const name = keyOf(row)
    const message = `Row ${name} of table ${table} is not valid: ${describeIssues(parsed.error)}. ${remedy(name)}.`
    problems.push({ table, key: name, message: sanitiseLine(message) })
  })
  return problems
}

function keyOf(row: Row): string {
  return sanitiseLine(String(row['its_key']), 100)
}

export const rowOperations = { [checkRows.name]: checkRows, [tendRows.name]: tendRows }
