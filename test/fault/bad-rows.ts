import { join } from 'node:path'
import type { Json } from '../../lib/core/errors/errors.ts'
import { FileDatabase } from '../../lib/store/engine/database.ts'
import type { Row } from '../../lib/store/engine/sql-value.ts'
import { migrate } from '../../lib/store/migrations/migrate.ts'
import { migrationsFolder, readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { operationsByName } from '../../lib/store/operations/index.ts'
import { GroupCommit } from '../../lib/store/thread/group-commit.ts'
import type { Answer } from '../../lib/store/thread/group-commit.ts'
import { CRASH, REF } from '../helpers/builders/samples.ts'
import type { Nonsense } from './nonsense.ts'

const NOW = 1_000_000

/** Operations that write rows, so that there are rows to damage. */
const FILL: readonly (readonly [name: string, input: Json])[] = [
  ['jobs.enqueue', { workflow: 'visits', input: { n: 1 }, workers: 1, retries: 2, origin: 'cli' }],
  [
    'jobs.enqueue',
    { workflow: 'visits', input: {}, workers: 1, retries: 0, origin: 'cli', domains: ['shop.example'] },
  ],
  ['jobs.enqueue', { workflow: 'visits', input: {}, workers: 3, retries: 0, origin: 'cli', after: [1] }],
  ['services.declare', { name: 'janitor', desired: 'running' }],
  ['counters.increment', { name: 'orders' }],
]

/**
 * Operations that a scheduler, a console and commands call all the time. A damaged row must not
 * remove other rows from their results.
 */
const LISTS: readonly (readonly [name: string, input: Json])[] = [
  ['jobs.claimable', { limit: 10 }],
  ['jobs.lanes', {}],
  ['jobs.recent', { limit: 10 }],
  ['jobs.changed', { after: 0, upTo: 1_000, states: ['queued', 'running'] }],
  ['jobs.summaries', { ids: [1, 2, 3] }],
  ['jobs.list', { states: ['queued', 'running'], limit: 10 }],
  ['jobs.counts', {}],
  ['runs.news', {}],
  ['crashes.list', {}],
  ['schedules.list', {}],
  ['schedules.runs', { limit: 10 }],
  ['services.list', {}],
  ['domains.pauses', {}],
  ['proxies.list', {}],
  ['notices.news', { limit: 10 }],
  ['sessions.list', {}],
  ['members.list', { jobId: 1 }],
  ['jobs.waits', { id: 3 }],
]

/** Operations that fail only for the damaged row, and name it. */
const SINGLES: readonly (readonly [name: string, input: Json])[] = [
  ['jobs.read', { id: 1 }],
  ['jobs.read', { id: 2 }],
  ['crashes.read', { id: 1 }],
]

/**
 * Database whose rows are damaged one after the other, as by another program, and repaired again.
 */
export class BadRows {
  private readonly db: FileDatabase
  private readonly group: GroupCommit

  private constructor(db: FileDatabase) {
    this.db = db
    const facts = { path: db.path, role: 'transient' as const, commits: 0, revision: 0, migration: 0 }
    this.group = new GroupCommit(db, {
      guard: () => undefined,
      damaged: () => undefined,
      committed: () => undefined,
      facts: () => facts,
      steadyNow: () => NOW,
    })
  }

  static async open(folder: string): Promise<BadRows> {
    const db = await FileDatabase.open(join(folder, 'rows.db'))
    migrate(db, readMigrations(migrationsFolder()), NOW)
    const rows = new BadRows(db)
    for (const [name, input] of FILL) await rows.must(name, input)
    await rows.must('schedules.declare', {
      removeOthers: true,
      schedules: [
        {
          ...{
            name: 'nightly',
            workflow: 'visits',
            input: {},
            workers: null,
            priority: 0,
            timeZone: 'Europe/Rome',
          },
          ...{
            timing: { kind: 'cron', expression: '0 3 * * *' },
            activeHours: null,
            jitterMs: 0,
            catchUpMs: 0,
            overlap: 'skip',
          },
        },
      ],
    })
    await rows.must('jobs.claim', { id: 1 })
    await rows.must('crashes.record', {
      file: 'job_1_9.json',
      document: { ...CRASH, ...REF, jobId: 1, member: 1, members: 1 },
    })
    return rows
  }

  close(): void {
    this.db.abandon()
  }

  /** Calls an operation with arbitrary input. Returns the wrong response. */
  async badInput(nonsense: Nonsense): Promise<string | null> {
    const name = nonsense.one([...operationsByName.keys()].filter(one => one !== 'store.backup'))
    const sane = [...FILL, ...LISTS, ...SINGLES].find(([of]) => of === name)?.[1]
    const input = sane === undefined ? nonsense.value() : nonsense.damaged(sane)
    return wrongOf(await this.ask(name, input), `${name} ${JSON.stringify(input)}`)
  }

  /** Damages one cell, calls all operations, and repairs the cell. */
  async badCell(nonsense: Nonsense): Promise<string | null> {
    const tables = this.names(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'",
    )
    const filled = tables.filter(
      table =>
        this.names(columnsOf(table)).length > 0 && this.db.one(`SELECT 1 FROM "${table}"`) !== undefined,
    )
    const table = nonsense.one(filled)
    const column = nonsense.one(this.names(columnsOf(table)))
    const before: Row | undefined = this.db.one(
      `SELECT rowid AS place, "${column}" AS cell FROM "${table}" ORDER BY random() LIMIT 1`,
    )
    const place = before?.['place'] ?? null
    const json = nonsense.value()
    const cell =
      typeof json === 'boolean' ? Number(json) : typeof json === 'object' ? JSON.stringify(json) : json
    const what = `${table}.${column} = ${JSON.stringify(cell)}`
    const set = (value: Row[string]) =>
      this.db.run(`UPDATE "${table}" SET "${column}" = $value WHERE rowid = $place`, { value, place })
    if (before === undefined) return null
    this.db.exec('PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0')
    try {
      set(cell)
    } catch {
      // The value has the wrong type for its table, so no program can write it.
      return null
    }
    try {
      for (const [name, input] of LISTS) {
        const answer = await this.ask(name, input)
        if (!answer.ok) return `${what}: ${name} is refused: ${answer.error.message}`
      }
      for (const [name, input] of SINGLES) {
        const wrong = wrongOf(await this.ask(name, input), `${what}: ${name}`)
        if (wrong !== null) return wrong
      }
      const claimed = await this.ask('jobs.claim', { id: 2 })
      await this.must('jobs.finish', { id: 2, attempt: 1, state: 'interrupted' }).catch(() => undefined)
      return wrongOf(claimed, `${what}: jobs.claim`)
    } finally {
      set(before['cell'] ?? null)
    }
  }

  private names(sql: string): string[] {
    return this.db.all(sql).map(row => String(row['name']))
  }

  private ask(name: string, input: unknown): Promise<Answer> {
    return new Promise(resolve =>
      this.group.submit({ id: null, name, input, at: NOW, steadyAt: NOW }, resolve),
    )
  }

  private async must(name: string, input: unknown): Promise<void> {
    const answer = await this.ask(name, input)
    if (!answer.ok) throw answer.error
  }
}

/** Returns the query for a table's columns outside the key. */
function columnsOf(table: string): string {
  return `SELECT name FROM pragma_table_xinfo('${table}') WHERE hidden = 0 AND pk = 0`
}

/**
 * Returns the mistake of a refusal. A refusal must name the problem; it must not claim a bug of the
 * program or show a stack.
 */
function wrongOf(answer: Answer, what: string): string | null {
  if (answer.ok) return null
  const { message } = answer.error
  const code = 'code' in answer.error ? answer.error.code : 'unexpected'
  return code === 'bug' || code === 'unexpected' || message.includes('\n')
    ? `${what}: ${String(code)}: ${message}`
    : null
}
