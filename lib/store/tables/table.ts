import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { Cell } from '../../model/table.ts'
import type { RowKey, TableColumn, TableInfo } from '../../model/table.ts'
import type { Database } from '../engine/database.ts'
import { TABLE_RULES } from './table-rules.ts'
import type { ColumnRule, TableRules } from './table-rules.ts'

/** Table that a person may see, with its columns and rules. */
export interface OpenTable {
  readonly name: string
  readonly rules: TableRules
  readonly columns: readonly TableColumn[]
}

/**
 * Row of SQLite's list of columns. `hidden` is not 0 for a generated column, which the program
 * computes from other columns for an index.
 */
const ColumnRow = z.object({
  name: z.string(),
  type: z.string(),
  notnull: z.int(),
  pk: z.int(),
  hidden: z.int(),
})

const KIND_OF_TYPE: Readonly<Record<string, TableColumn['kind']>> = { INTEGER: 'integer', REAL: 'number' }

/**
 * Returns a table that a person may see.
 * @throws `usage` if the table does not exist, or is not shown to people.
 */
export function openTable(db: Database, name: string): OpenTable {
  const rules = Object.hasOwn(TABLE_RULES, name) ? TABLE_RULES[name] : undefined
  if (rules === undefined) {
    const names = Object.keys(TABLE_RULES).join(', ')
    throw new AutomateError('usage', `There is no table "${name}". The tables are ${names}.`)
  }
  const columns = z
    .array(ColumnRow)
    .parse(db.all(`PRAGMA table_xinfo(${name})`))
    .filter(({ hidden }) => hidden === 0)
    .map(({ name: column, type, notnull, pk }): TableColumn => {
      const { kind = KIND_OF_TYPE[type] ?? 'text', edit = 'never' } = rules.columns[column] ?? {}
      return { name: column, kind, key: pk > 0, nullable: notnull === 0 && pk === 0, edit }
    })
  return { name, rules, columns }
}

export function tableInfo(db: Database, { name, rules, columns }: OpenTable): TableInfo {
  const rows = countRows(db, `FROM ${name} WHERE ${rules.only ?? 'TRUE'}`, {})
  return { name, rows, columns: [...columns], insert: rules.insert !== null, remove: rules.remove !== null }
}

export function countRows(db: Database, from: string, params: Record<string, string>): number {
  return z.object({ rows: z.int() }).parse(db.one(`SELECT count(*) AS rows ${from}`, params)).rows
}

/**
 * Returns a column with its rule.
 * @throws `usage` if the table has no such column.
 */
export function columnOf(table: OpenTable, name: string): TableColumn & { readonly rule: ColumnRule } {
  const column = table.columns.find(each => each.name === name)
  if (column !== undefined) return { ...column, rule: table.rules.columns[name] ?? {} }
  const names = table.columns.map(each => each.name).join(', ')
  throw new AutomateError('usage', `${table.name} has no column "${name}". Its columns are ${names}.`)
}

/**
 * Returns the SQL condition for exactly one row, with its parameters.
 * @throws `usage` if the key does not name exactly the columns of the table's key.
 */
export function whereKey(table: OpenTable, key: RowKey): { where: string; params: Record<string, Cell> } {
  const names = table.columns.filter(column => column.key).map(({ name }) => name)
  const given = Object.keys(key)
  if (given.length !== names.length || !names.every(name => name in key)) {
    throw new AutomateError(
      'usage',
      `The key of a row of ${table.name} is ${names.join(' and ')}, got ${given.join(', ') || 'nothing'}.`,
    )
  }
  const where = names.map(name => `"${name}" = $key_${name}`).join(' AND ')
  return { where, params: Object.fromEntries(names.map(name => [`key_${name}`, key[name] ?? null])) }
}

export const quoted = (column: string) => `"${column}"`

/** Returns the SQL that follows SET when a person changes these columns. */
export function assignmentsOf({ rules }: OpenTable, changes: readonly (readonly [string, string])[]): string {
  const typed = changes.map(([column, value]) => `${quoted(column)} = ${value}`)
  return [...typed, ...(rules.alsoSet === undefined ? [] : [rules.alsoSet])].join(', ')
}

const CUT_AT = 500

/**
 * Returns a value as it is displayed. Only the existence of an encrypted value is shown, and only
 * the beginning of a long value unless `whole` is true.
 */
export function shownCell(column: TableColumn, value: unknown, whole: boolean): Cell {
  if (column.kind === 'sealed') return value === null ? null : '•••'
  const known = Cell.safeParse(value)
  const cell = known.success ? known.data : String(value)
  if (whole || typeof cell !== 'string' || cell.length <= CUT_AT) return cell
  return `${cell.slice(0, CUT_AT)}…`
}
