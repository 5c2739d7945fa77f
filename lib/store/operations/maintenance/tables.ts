import { z } from 'zod'
import { AutomateError } from '../../../core/errors/errors.ts'
import { Domain } from '../../../model/job/domains.ts'
import {
  Cell,
  MAX_PAGE_ROWS,
  RowKey,
  TableInfo,
  TableKeys,
  TablePage,
  TableQuery,
  TypedCell,
} from '../../../model/table.ts'
import type { Database } from '../../engine/database.ts'
import type { Row } from '../../engine/sql-value.ts'
import { TABLE_RULES } from '../../tables/table-rules.ts'
import {
  assignmentsOf,
  columnOf,
  countRows,
  openTable,
  quoted,
  shownCell,
  tableInfo,
  whereKey,
} from '../../tables/table.ts'
import type { OpenTable } from '../../tables/table.ts'
import { typedCell } from '../../tables/typed-cell.ts'
import { defineOperation } from '../define.ts'

const Place = z.object({ table: z.string(), key: RowKey })
const Typed = z.record(z.string(), TypedCell)

/** Returns the tables that a person may read, with the changes that are permitted. */
const listTables = defineOperation({
  name: 'tables.list',
  kind: 'read',
  input: z.object({}),
  output: z.array(TableInfo),
  run: db => Object.keys(TABLE_RULES).map(name => tableInfo(db, openTable(db, name))),
})

/**
 * Returns one page of a table's rows.
 * @throws `usage` if the table or a column does not exist.
 */
const readRows = defineOperation({
  name: 'tables.rows',
  kind: 'read',
  input: TableQuery,
  output: TablePage,
  run(db, { table: name, filter, sort, offset, limit, whole }) {
    const table = openTable(db, name)
    const { where, params } = condition(table, filter)
    const from = `FROM ${name} WHERE ${where}`
    const rows = db.all(`SELECT * ${from} ORDER BY ${orderOf(table, sort)} LIMIT $limit OFFSET $offset`, {
      ...params,
      limit,
      offset,
    })
    return {
      table: tableInfo(db, table),
      rows: rows.map(row => table.columns.map(column => shownCell(column, row[column.name] ?? null, whole))),
      total: countRows(db, from, params),
    }
  },
})

/**
 * Returns the keys of all matching rows, with which `tables.records` reads the rows page by page.
 * Rows that change between the pages are neither skipped nor repeated.
 * @throws `usage` if the table or a column does not exist.
 */
const listKeys = defineOperation({
  name: 'tables.keys',
  kind: 'read',
  input: TableQuery.pick({ table: true, filter: true, sort: true }).extend({
    limit: z.int().min(1).optional(),
  }),
  output: TableKeys,
  run(db, { table: name, filter, sort, limit }) {
    const table = openTable(db, name)
    const { where, params } = condition(table, filter)
    const keys = table.columns.filter(({ key }) => key).map(column => `"${column.name}"`)
    const rows = db.all(
      `SELECT ${keys.join(', ')} FROM ${name} WHERE ${where} ORDER BY ${orderOf(table, sort)} LIMIT $limit`,
      { ...params, limit: limit ?? -1 },
    )
    return { table: tableInfo(db, table), keys: rows.map(row => RowKey.parse(row)) }
  },
})

/**
 * Number of characters after which `tables.records` ends its reply. One value may have 32 MB, and
 * all values together may not fit into a message or the memory of the store.
 */
const RECORDS_CHARACTERS = 4_000_000

/**
 * Returns the rows with these keys, in the same order and without rows that were removed. `read` is
 * the number of keys for which rows were read. Long values end the reply early, and the caller then
 * asks for the remaining keys.
 */
const readRecords = defineOperation({
  name: 'tables.records',
  kind: 'read',
  input: z.object({
    table: z.string(),
    keys: z.array(RowKey).max(MAX_PAGE_ROWS),
    whole: z.boolean().default(false),
  }),
  output: z.object({ rows: z.array(z.array(Cell)), read: z.int() }),
  run(db, { table: name, keys, whole }) {
    const table = openTable(db, name)
    const rows: Cell[][] = []
    let [read, characters] = [0, 0]
    for (const key of keys) {
      if (characters >= RECORDS_CHARACTERS) break
      const row = rowOf(db, table, key)
      if (row !== undefined) {
        const cells = table.columns.map(column => shownCell(column, row[column.name] ?? null, whole))
        rows.push(cells)
        characters += charactersOf(cells)
      }
      read += 1
    }
    return { rows, read }
  },
})

const charactersOf = (cells: readonly Cell[]): number =>
  cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0)

/** Returns one row with its complete values; null if the row does not exist. */
const readRow = defineOperation({
  name: 'tables.row',
  kind: 'read',
  input: Place,
  output: z.array(Cell).nullable(),
  run(db, { table: name, key }) {
    const table = openTable(db, name)
    const row = rowOf(db, table, key)
    return row === undefined
      ? null
      : table.columns.map(column => shownCell(column, row[column.name] ?? null, true))
  },
})

/**
 * Changes values of one row, if they are still the values that the person has `seen`. `domains` are
 * the domains that a new input of a job leads to.
 * @throws `input-invalid` if a value does not fit its column, if the row was changed or removed in
 * the meantime, if the row must not be changed, or if the column is not for people.
 */
const updateRow = defineOperation({
  name: 'tables.update',
  kind: 'write',
  input: Place.extend({
    values: Typed,
    seen: z.record(z.string(), Cell),
    domains: z.array(Domain).default([]),
  }),
  output: z.object({ changed: z.boolean() }),
  run(db, { table: name, key, values, seen, domains }) {
    const table = openTable(db, name)
    const row = requireRow(db, table, key)
    refuseFor(table.rules.keeps?.(row))
    const set = Object.entries(values).map(([column, text]) => {
      const target = columnOf(table, column)
      if (target.edit !== 'always') throw notForPeople(name, column)
      if ((row[column] ?? null) !== (seen[column] ?? null)) throw changedMeanwhile(name, column)
      return [column, typedCell(name, target, target.rule, text)] as const
    })
    if (set.length === 0) return { changed: false }
    const { where, params } = whereKey(table, key)
    const assignments = assignmentsOf(
      table,
      set.map(([column]) => [column, `$new_${column}`]),
    )
    const alsoSet = set.flatMap(([column]) => columnOf(table, column).rule.alsoSet ?? [])
    const setsDomains = alsoSet.some(sql => sql.includes('$domains'))
    db.run(`UPDATE ${name} SET ${[assignments, ...alsoSet].join(', ')} WHERE ${where}`, {
      ...params,
      ...(setsDomains ? { domains: JSON.stringify(domains) } : {}),
      ...Object.fromEntries(set.map(([column, value]) => [`new_${column}`, value])),
    })
    return { changed: true }
  },
})

/**
 * Inserts a row.
 * @throws `input-invalid` if a value is missing or does not fit its column, if people may not
 * insert into the table, or if there is a row with the same key.
 */
const insertRow = defineOperation({
  name: 'tables.insert',
  kind: 'write',
  input: z.object({ table: z.string(), values: Typed }),
  output: z.object({ key: RowKey }),
  run(db, { table: name, values }) {
    const table = openTable(db, name)
    const { insert } = table.rules
    if (insert === null) {
      throw new AutomateError('input-invalid', `Only automate-tui adds rows to ${name}.`)
    }
    for (const column of Object.keys(values))
      if (columnOf(table, column).edit === 'never') throw notForPeople(name, column)
    const typed = table.columns
      .filter(({ edit }) => edit !== 'never')
      .map(column => {
        const { rule } = columnOf(table, column.name)
        return [column.name, typedCell(name, column, rule, values[column.name] ?? null)] as const
      })
    const row: Readonly<Record<string, Cell>> = { ...insert, ...Object.fromEntries(typed) }
    const key = Object.fromEntries(
      table.columns
        .filter(column => column.key)
        .map(column => [column.name, row[column.name] ?? null] as const),
    )
    const there = rowOf(db, table, key)
    if (there !== undefined) {
      throw new AutomateError(
        'input-invalid',
        `${name} already has a row ${JSON.stringify(key)}. Change that row.`,
      )
    }
    const columns = Object.keys(row)
    // A removed shared value may still have its row, which is then updated as `updateRow` would do
    // it.
    const again = assignmentsOf(
      table,
      typed.filter(([column]) => !(column in key)).map(([column]) => [column, `excluded."${column}"`]),
    )
    db.run(
      `INSERT INTO ${name} (${columns.map(quoted).join(', ')})
       VALUES (${columns.map(column => `$${column}`).join(', ')})
       ON CONFLICT (${Object.keys(key).map(quoted).join(', ')}) DO UPDATE SET ${again}`,
      row,
    )
    return { key }
  },
})

/**
 * Removes a row.
 * @throws `input-invalid` if the row does not exist or must not be removed.
 */
const removeRow = defineOperation({
  name: 'tables.remove',
  kind: 'write',
  input: Place,
  output: z.object({}),
  run(db, { table: name, key }) {
    const table = openTable(db, name)
    const { remove, stays } = table.rules
    if (remove === null) {
      throw new AutomateError('input-invalid', `Only automate-tui removes rows of ${name}.`)
    }
    const row = requireRow(db, table, key)
    refuseFor(stays?.(row, db))
    const { where, params } = whereKey(table, key)
    db.run(`${remove} WHERE ${where}`, params)
    return {}
  },
})

function orderOf(table: OpenTable, sort: z.output<typeof TableQuery>['sort']): string {
  const keys = table.columns.filter(({ key }) => key).map(column => `"${column.name}"`)
  if (sort === undefined) return keys.join(', ')
  const first = `"${columnOf(table, sort.column).name}" ${sort.descending ? 'DESC' : 'ASC'}`
  return [first, ...keys].join(', ')
}

function condition(
  table: OpenTable,
  filter: z.output<typeof TableQuery>['filter'],
): { where: string; params: Record<string, string> } {
  const only = table.rules.only ?? 'TRUE'
  if (filter === undefined || filter.text === '') return { where: only, params: {} }
  const searched = filter.column === undefined ? table.columns : [columnOf(table, filter.column)]
  const holds = searched
    .filter(({ kind }) => kind !== 'sealed')
    .map(({ name }) => `instr(lower(CAST("${name}" AS TEXT)), lower($text)) > 0`)
  return { where: `${only} AND (${holds.join(' OR ') || 'FALSE'})`, params: { text: filter.text } }
}

function rowOf(db: Database, table: OpenTable, key: RowKey): Row | undefined {
  const { where, params } = whereKey(table, key)
  return db.one(`SELECT * FROM ${table.name} WHERE ${where} AND ${table.rules.only ?? 'TRUE'}`, params)
}

function requireRow(db: Database, table: OpenTable, key: RowKey): Row {
  const row = rowOf(db, table, key)
  if (row !== undefined) return row
  throw new AutomateError('input-invalid', `${table.name} no longer has a row ${JSON.stringify(key)}.`)
}

function refuseFor(why: string | null | undefined): void {
  if (typeof why === 'string') throw new AutomateError('input-invalid', why)
}

function notForPeople(table: string, column: string): AutomateError {
  return new AutomateError('input-invalid', `Only automate-tui sets ${table}.${column}.`, {
    facts: { table, column },
  })
}

function changedMeanwhile(table: string, column: string): AutomateError {
  return new AutomateError(
    'input-invalid',
    `${table}.${column} has changed since it was read. Read it again, then change it.`,
    { facts: { table, column } },
  )
}

export const tableOperations = {
  [listTables.name]: listTables,
  [readRows.name]: readRows,
  [listKeys.name]: listKeys,
  [readRecords.name]: readRecords,
  [readRow.name]: readRow,
  [updateRow.name]: updateRow,
  [insertRow.name]: insertRow,
  [removeRow.name]: removeRow,
}
