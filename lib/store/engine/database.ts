import { closeSync, openSync, statSync } from 'node:fs'
import type { Database as SqlDatabase, SqlValue } from 'sql.js'
import type { Row, SqlParams } from './sql-value.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import type { RealFiles } from './real-files.ts'
import { loadSqlite } from './sqlite.ts'
import { sqliteError } from './sqlite-error.ts'
import { Statements, bindable } from './statements.ts'
import type { Prepared } from './statements.ts'

/**
 * The database as operations see it: synchronous, within the transaction of their request. All methods throw
 * `store-refused` for a broken constraint or a full or failing disk, `store-damaged`, and `bug` for wrong SQL.
 * An integer beyond 32 bits is bound as REAL: it is exact in an INTEGER column (use STRICT tables), not in an expression.
 */
export interface Database {
  /** Runs one statement and answers the number of changed rows. */
  run(sql: string, params?: SqlParams): number
  all(sql: string, params?: SqlParams): Row[]
  /** Passes each row to `act` as SQLite reads it. Memory stays that of one row, however many there are. */
  each(sql: string, params: SqlParams, act: (row: Row) => void): void
  /** The first row, or undefined. */
  one(sql: string, params?: SqlParams): Row | undefined
  /** Runs a script of many statements, without parameters: for migrations. */
  exec(sql: string): void
  /** What `act` writes is not told as a change: nobody waits for it. */
  quietly<T>(act: () => T): T
}

/** 64 MB of pages, in the negative kibibytes of the pragma: the working set of a project stays in memory. */
const CACHE_SIZE = -65_536

/** Free pages can be given back to the disk. It counts for a new file, and for an old one at its next VACUUM. */
const INCREMENTAL = 'auto_vacuum=INCREMENTAL'

/** Databases are the user's alone. */
const PRIVATE_FILE = 0o600

/** The database on its real file, as its one owner opens it. */
export class FileDatabase implements Database {
  readonly path: string
  /** Tables written since `takeWritten()`. */
  private readonly written = new Set<string>()
  private readonly statements: Statements
  private readonly database: SqlDatabase
  private readonly files: RealFiles
  private writable = true
  private quiet = false
  private changed = 0
  private open = true

  private constructor(path: string, database: SqlDatabase, files: RealFiles) {
    this.path = path
    this.database = database
    this.statements = new Statements(database)
    this.files = files
  }

  /** Opens `path`, making the file when there is none. The caller owns the file: nothing here locks it. */
  static async open(path: string): Promise<FileDatabase> {
    requireOpenable(path)
    return FileDatabase.openFile(path)
  }

  /**
   * Opens a file of a database that has no WAL with content beside it, only to read it: it may be the owner's, as long as nobody writes into it.
   * SQLite's own files go to names that begin with `scratch`. End it with `abandon()`.
   */
  static openToRead(path: string, scratch: string): Promise<FileDatabase> {
    return FileDatabase.openFile(path, scratch)
  }

  private static async openFile(path: string, scratch?: string): Promise<FileDatabase> {
    const { sql, files } = await loadSqlite()
    files.await(path, scratch)
    let database: FileDatabase | undefined
    try {
      database = new FileDatabase(path, new sql.Database(new Uint8Array(0)), files)
      // EXCLUSIVE before WAL: only then does WAL need no shared memory.
      for (const pragma of [
        'locking_mode=EXCLUSIVE',
        ...(scratch === undefined ? [INCREMENTAL] : []),
        'journal_mode=WAL',
        'synchronous=FULL',
        'foreign_keys=ON',
        // The schema of a file may be foreign: it calls no function that has effects.
        'trusted_schema=OFF',
      ]) {
        database.exec(`PRAGMA ${pragma}`)
      }
      database.exec(`PRAGMA cache_size=${CACHE_SIZE}`)
      return database
    } catch (thrown) {
      if (database === undefined) files.abandon(path)
      else database.abandon()
      throw sqliteError(thrown, 'open')
    }
  }

  run(sql: string, params: SqlParams = []): number {
    return this.using(sql, params, prepared => {
      prepared.statement.step()
      return prepared.facts.writes.length > 0 ? this.database.getRowsModified() : 0
    })
  }

  all(sql: string, params: SqlParams = []): Row[] {
    const rows: Row[] = []
    this.each(sql, params, row => rows.push(row))
    return rows
  }

  each(sql: string, params: SqlParams, act: (row: Row) => void): void {
    this.using(sql, params, prepared => {
      while (prepared.statement.step()) act(readRow(prepared))
    })
  }

  one(sql: string, params: SqlParams = []): Row | undefined {
    return this.using(sql, params, prepared => {
      if (!prepared.statement.step()) return undefined
      const row = readRow(prepared)
      // A writing statement with RETURNING is done only when it was stepped to its end.
      if (prepared.facts.writes.length > 0) while (prepared.statement.step());
      return row
    })
  }

  exec(sql: string): void {
    this.requireOpen()
    try {
      this.statements.clear()
      this.database.exec(sql)
    } catch (thrown) {
      throw sqliteError(thrown, sql)
    }
  }

  /** Runs `act` with writing statements refused (code `bug`). */
  reading<T>(act: () => T): T {
    this.writable = false
    try {
      return act()
    } finally {
      this.writable = true
    }
  }

  quietly<T>(act: () => T): T {
    this.quiet = true
    try {
      return act()
    } finally {
      this.quiet = false
    }
  }

  /** How many statements have changed rows, told or not. */
  get changes(): number {
    return this.changed
  }

  /** The tables that were written since the last call, and forgets them. */
  takeWritten(): string[] {
    const tables = [...this.written]
    this.written.clear()
    return tables
  }

  /** Checkpoints and closes the file: what is left is one ordinary SQLite file. */
  close(): void {
    if (!this.open) return
    this.open = false
    this.statements.clear()
    try {
      this.database.close()
    } catch (thrown) {
      throw sqliteError(thrown, 'close')
    }
  }

  /** False once the file or its write-ahead log was removed, or another file has its name. */
  get isInPlace(): boolean {
    return !this.open || this.files.isInPlace(this.path)
  }

  /** Writes all that was committed to a new file, also when the file of the database was removed. A transaction that is open is rolled back. */
  rescue(to: string): void {
    try {
      this.exec('ROLLBACK')
    } catch {
      // No transaction is open.
    }
    this.one('PRAGMA wal_checkpoint(TRUNCATE)')
    this.files.copyOpen(this.path, to)
  }

  /** Lets go of the file without another byte written: for an owner that has lost it. */
  abandon(): void {
    this.open = false
    this.files.abandon(this.path)
    try {
      // Without its files SQLite can only fail here, but it forgets its locks: another file may get the same inode.
      this.statements.clear()
      this.database.close()
    } catch {
      // The files are closed already.
    }
  }

  private using<T>(sql: string, params: SqlParams, act: (prepared: Prepared) => T): T {
    this.requireOpen()
    let prepared: Prepared | undefined
    try {
      prepared = this.statements.prepare(sql)
      const { facts, statement } = prepared
      if (facts.writes.length > 0 && !this.writable) {
        throw new AutomateError('bug', `An operation of kind "read" tried to write: ${sql}`)
      }
      if (facts.positions > 0 || facts.parameters.size > 0 || hasAny(params)) {
        statement.bind(bindable(params, facts, sql))
      }
      const result = act(prepared)
      if (facts.writes.length > 0 && this.database.getRowsModified() > 0) {
        this.changed += 1
        if (!this.quiet) for (const table of facts.writes) this.written.add(table)
      }
      return result
    } catch (thrown) {
      throw sqliteError(thrown, sql)
    } finally {
      prepared?.statement.reset()
    }
  }

  private requireOpen(): void {
    if (!this.open) throw new AutomateError('store-closed', 'The database is closed. Open the store again.')
  }
}

/** Thrown `store-refused` with the system's reason: sql.js calls every failure to open "out of memory". */
function requireOpenable(path: string): void {
  try {
    closeSync(openSync(path, 'a', PRIVATE_FILE))
    // Windows opens folders too.
    if (statSync(path).isDirectory()) throw new Error('it is a folder')
  } catch (thrown) {
    throw new AutomateError(
      'store-refused',
      `The database ${path} cannot be opened (${messageOf(thrown)}). Check its folder, its permissions and the space on its disk.`,
      { facts: { path }, cause: thrown },
    )
  }
}

function hasAny(params: SqlParams): boolean {
  return Array.isArray(params) ? params.length > 0 : Object.keys(params).length > 0
}

function readRow(prepared: Prepared): Row {
  const values = prepared.statement.get()
  prepared.columns ??= prepared.statement.getColumnNames()
  const row: Record<string, SqlValue> = {}
  prepared.columns.forEach((column, index) => {
    row[column] = values[index] ?? null
  })
  return row
}
