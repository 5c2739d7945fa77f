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
 * The database as operations see it: synchronous, within the transaction of their request. An
 * integer beyond 32 bits is bound as REAL, which is exact in an INTEGER column (use STRICT tables)
 * but not in an expression. All methods throw `store-refused` for a violated constraint or a full
 * or failing disk, `store-damaged` for a damaged file, and `bug` for invalid SQL.
 */
export interface Database {
  /** Runs one statement and returns the number of changed rows. */
  run(sql: string, params?: SqlParams): number
  all(sql: string, params?: SqlParams): Row[]
  /** Passes each row to `act` while SQLite reads it. Only one row at a time is in memory. */
  each(sql: string, params: SqlParams, act: (row: Row) => void): void
  /** Returns the first row, or undefined if there is none. */
  one(sql: string, params?: SqlParams): Row | undefined
  /** Runs a script of several statements without parameters, for migrations. */
  exec(sql: string): void
  /** Runs `act` without reporting its writes as a change, for writes that no listener waits for. */
  quietly<T>(act: () => T): T
}

/**
 * Size of the page cache: 64 MB, as the negative number of kibibytes that the pragma expects. The
 * working set of a project then stays in memory.
 */
const CACHE_SIZE = -65_536

/**
 * Allows free pages to be returned to the disk. Takes effect in a new file, and in an existing one
 * at its next VACUUM.
 */
const INCREMENTAL = 'auto_vacuum=INCREMENTAL'

/** Mode of a database: only the user may read it. */
const PRIVATE_FILE = 0o600

/** A database in a real file, opened by its only owner. */
export class FileDatabase implements Database {
  readonly path: string
  /** Tables written since the last call of `takeWritten()`. */
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

  /**
   * Opens the database at `path`, and creates the file if it does not exist. The caller must own
   * the file, because it is not locked here.
   */
  static async open(path: string): Promise<FileDatabase> {
    requireOpenable(path)
    return FileDatabase.openFile(path)
  }

  /**
   * Opens a database file for reading only. The file must not have a WAL with content. The file may
   * belong to an owner, as long as no process writes to it. The names of SQLite's own files begin
   * with `scratch`. Close it with `abandon()`.
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
      // EXCLUSIVE must precede WAL, because only then does WAL work without shared memory.
      for (const pragma of [
        'locking_mode=EXCLUSIVE',
        ...(scratch === undefined ? [INCREMENTAL] : []),
        'journal_mode=WAL',
        'synchronous=FULL',
        'foreign_keys=ON',
        // The schema of a file may come from elsewhere. This pragma prevents it from calling
        // functions with side effects.
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
      // A writing statement with RETURNING is complete only after its last row has been read.
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

  /** Runs `act`, and throws `bug` for any writing statement in it. */
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

  /** Number of statements so far that have changed rows, whether or not the change was reported. */
  get changes(): number {
    return this.changed
  }

  /** Returns the tables that were written since the last call. */
  takeWritten(): string[] {
    const tables = [...this.written]
    this.written.clear()
    return tables
  }

  /** Checkpoints and closes the database, which is a single ordinary SQLite file afterwards. */
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

  /** False if the file or its write-ahead log was removed, or if another file now has its name. */
  get isInPlace(): boolean {
    return !this.open || this.files.isInPlace(this.path)
  }

  /**
   * Writes all committed data to a new file, even if the file of the database was removed. Rolls an
   * open transaction back.
   */
  rescue(to: string): void {
    try {
      this.exec('ROLLBACK')
    } catch {
      // No transaction is open.
    }
    this.one('PRAGMA wal_checkpoint(TRUNCATE)')
    this.files.copyOpen(this.path, to)
  }

  /** Closes the file without writing anything more, for an owner that has lost the file. */
  abandon(): void {
    this.open = false
    this.files.abandon(this.path)
    try {
      // SQLite can only fail here, because its files are closed. It still releases its locks, which
      // matters because another file may get the same inode.
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

/**
 * Checks that a file can be opened, because sql.js reports every such failure as "out of memory".
 * @throws `store-refused` with the system's reason if the file cannot be opened.
 */
function requireOpenable(path: string): void {
  try {
    closeSync(openSync(path, 'a', PRIVATE_FILE))
    // On Windows, a folder can be opened too.
    if (statSync(path).isDirectory()) throw new Error('it is a folder, not a file')
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
