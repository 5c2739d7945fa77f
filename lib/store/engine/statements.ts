import type { Database as SqlDatabase, SqlValue, Statement } from 'sql.js'
import { AutomateError } from '../../core/errors/errors.ts'
import type { SqlParams } from './sql-value.ts'

/**
 * Matches the strings and comments in an SQL text. Does not match quoted names, because the name of
 * a table may be quoted.
 */
const STRINGS_AND_COMMENTS = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const NAMED = /[$:@]([A-Za-z_]\w*)/g
const WRITES =
  /\b(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+["`[]?(\w+)/gi

/**
 * Maximum number of prepared statements, more than the whole program has. It limits the memory if
 * SQL texts contain values.
 */
const MOST_STATEMENTS = 500

export interface Prepared {
  readonly statement: Statement
  readonly facts: SqlFacts
  /** Names of the columns; undefined until the first row was read. */
  columns: readonly string[] | undefined
}

/** Caches prepared statements by their text, and discards the least recently used. */
export class Statements {
  private readonly cache = new Map<string, Prepared>()
  private readonly database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.database = database
  }

  prepare(sql: string): Prepared {
    const known = this.cache.get(sql)
    if (known !== undefined) return known
    const prepared = { statement: this.database.prepare(sql), facts: readSql(sql), columns: undefined }
    this.cache.set(sql, prepared)
    const [oldest] = this.cache.keys()
    if (this.cache.size > MOST_STATEMENTS && oldest !== undefined) {
      this.cache.get(oldest)?.statement.free()
      this.cache.delete(oldest)
    }
    return prepared
  }

  /** Discards all statements, because their columns may have changed with the schema. */
  clear(): void {
    for (const { statement } of this.cache.values()) statement.free()
    this.cache.clear()
  }
}

/**
 * Returns parameters in the form that sql.js needs.
 * @throws `bug` for a missing or unknown parameter or an unsuitable value, which sql.js would
 * silently accept.
 */
export function bindable(
  params: SqlParams,
  facts: SqlFacts,
  sql: string,
): SqlValue[] | Record<string, SqlValue> {
  if (isList(params)) {
    if (params.length !== facts.positions || facts.parameters.size > 0) {
      throw mistake(sql, `has ${facts.positions} positions and got ${params.length} values`)
    }
    return params.map((value, index) => bindableValue(value, sql, String(index + 1)))
  }
  const bound: Record<string, SqlValue> = {}
  for (const [name, value] of Object.entries(params)) {
    const prefixed = facts.prefixed.get(name)
    if (prefixed === undefined) throw mistake(sql, `has no parameter "${name}"`)
    bound[prefixed] = bindableValue(value, sql, name)
  }
  for (const name of facts.parameters) if (!(name in params)) throw mistake(sql, `has no value for "${name}"`)
  if (facts.positions > 0) throw mistake(sql, 'has positions and got names')
  return bound
}

function isList(params: SqlParams): params is readonly (SqlValue | boolean)[] {
  return Array.isArray(params)
}

function bindableValue(value: unknown, sql: string, name: string): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null || typeof value === 'string' || value instanceof Uint8Array) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw mistake(sql, `cannot take a ${typeof value} for "${name}"`)
}

function mistake(sql: string, what: string): AutomateError {
  return new AutomateError('bug', `The statement ${what}: ${sql}`, { facts: { sql } })
}

interface SqlFacts {
  /** Names of the parameters without their prefix (`$`, `:` or `@`). */
  readonly parameters: ReadonlySet<string>
  /** Maps the name of each parameter to its form with the prefix, which sql.js needs. */
  readonly prefixed: ReadonlyMap<string, string>
  /** Number of `?` placeholders. */
  readonly positions: number
  /** Tables that the statement may write. */
  readonly writes: readonly string[]
}

/** Extracts facts from the text of one SQL statement, because sql.js does not offer them. */
export function readSql(sql: string): SqlFacts {
  const code = sql.replaceAll(STRINGS_AND_COMMENTS, ' ')
  const prefixed = new Map([...code.matchAll(NAMED)].map(match => [match[1] ?? '', match[0]]))
  const tables = [...code.matchAll(WRITES)].map(match => match[1] ?? '')
  return {
    parameters: new Set(prefixed.keys()),
    prefixed,
    positions: [...code.matchAll(/\?/g)].length,
    // "ON CONFLICT DO UPDATE SET" does not name a table.
    writes: [...new Set(tables.filter(table => table.toLowerCase() !== 'set'))],
  }
}
