import { stringify } from 'csv-stringify/sync'
import { sanitiseBlock } from '../../core/text/sanitise.ts'
import { MAX_PAGE_ROWS } from '../../model/table.ts'
import type { Cell, TableColumn, TableInfo, TableQuery } from '../../model/table.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Matches separators, spaces and quotes, and the formula sign that may follow them. Some
 * spreadsheets also accept full-width signs.
 */
const BEFORE_CELL = /([;\s"]+)([=+\-@＝＋－＠])?/g

/**
 * Matches characters that some programs take for a separator of cells or rows, in addition to the
 * comma.
 */
const SEPARATOR = /[;\t\n\r]/g

/** One page of a table's rows. `last` is true for the last page. */
interface RowsOfTable {
  readonly table: TableInfo
  readonly rows: readonly (readonly Cell[])[]
  readonly last: boolean
}

/**
 * Yields the rows of a table page by page, so that a large table does not block other callers for
 * long and is never completely in memory. Yields the rows that exist at the beginning, each once,
 * with its values at the time when its page is read. Yields at least one page, which may be empty.
 */
export async function* tablePages(
  store: StoreCalls,
  { table: name, filter, sort, whole = false }: TableQuery,
  limit = Infinity,
): AsyncGenerator<RowsOfTable> {
  const { table, keys } = await store.call('tables.keys', {
    table: name,
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(limit === Infinity ? {} : { limit }),
  })
  for (let from = 0; ;) {
    const wanted = keys.slice(from, from + MAX_PAGE_ROWS)
    const { rows, read } =
      wanted.length === 0
        ? { rows: [], read: 0 }
        : await store.call('tables.records', { table: name, keys: wanted, whole })
    from += read
    const last = from >= keys.length
    yield { table, rows, last }
    if (last) return
  }
}

/** Returns a row as an object with the names of its columns as keys. */
export const recordOf = ({ columns }: TableInfo, row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null] as const))

/**
 * Returns rows as CSV, with times as ISO 8601. Control characters are replaced by visible signs,
 * because CSV files are also read in terminals. A cell that begins like a formula is escaped,
 * because a spreadsheet would evaluate it.
 */
export function csvText(table: TableInfo, rows: readonly (readonly Cell[])[], headed: boolean): string {
  const header = headed ? [table.columns.map(({ name }) => name)] : []
  const records = rows.map(row => row.map((cell, index) => csvCell(table.columns[index], cell)))
  return stringify([...header, ...records], { escape_formulas: true })
}

function csvCell(column: TableColumn | undefined, cell: Cell): Cell {
  if (typeof cell === 'string') return withoutInnerFormulas(sanitiseBlock(cell, Infinity))
  return column?.kind === 'instant' && typeof cell === 'number' ? new Date(cell).toISOString() : cell
}

function withoutInnerFormulas(text: string): string {
  return text.replaceAll(BEFORE_CELL, (before, separators: string, sign: string | undefined) =>
    sign === undefined ? before : separators.replaceAll(SEPARATOR, "$&'") + sign,
  )
}
