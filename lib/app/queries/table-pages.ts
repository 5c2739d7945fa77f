import { stringify } from 'csv-stringify/sync'
import { sanitiseBlock } from '../../core/text/sanitise.ts'
import { MAX_PAGE_ROWS } from '../../model/table.ts'
import type { Cell, TableColumn, TableInfo, TableQuery } from '../../model/table.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Separators, spaces and quotes, and the start of a formula after them. Some spreadsheets accept
 * the signs of full width.
 */
const BEFORE_CELL = /([;\s"]+)([=+\-@＝＋－＠])?/g

/** Separators of cells or rows for a reader that does not use the comma. */
const SEPARATOR = /[;\t\n\r]/g

/** A part of the rows of a table. */
interface RowsOfTable {
  readonly table: TableInfo
  readonly rows: readonly (readonly Cell[])[]
  readonly last: boolean
}

/**
 * Yields the rows of a table page by page, so that a large table blocks no other caller for long
 * and is never held completely. Yields the rows that exist at the beginning, each once, with its
 * values at the time of its page. There is always one page.
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

/** Returns a row by the names of its columns. */
export const recordOf = ({ columns }: TableInfo, row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null] as const))

/**
 * Returns rows as CSV, with times as ISO 8601. Control characters are replaced by signs, because a
 * CSV file is also read in terminals. A cell that begins like a formula is escaped, because a
 * spreadsheet would compute it.
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
