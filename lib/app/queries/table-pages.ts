import { stringify } from 'csv-stringify/sync'
import { sanitiseBlock } from '../../core/text/sanitise.ts'
import { MAX_PAGE_ROWS } from '../../model/table.ts'
import type { Cell, TableColumn, TableInfo, TableQuery } from '../../model/table.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Separators, spaces and quotes, and the beginning of a formula where it follows them. The signs of full width count for some
 * spreadsheets.
 */
const BEFORE_CELL = /([;\s"]+)([=+\-@＝＋－＠])?/g

/** Separates cells or rows for a reader that does not take the comma. */
const SEPARATOR = /[;\t\n\r]/g

/** Rows of a table, some of many. */
interface RowsOfTable {
  readonly table: TableInfo
  readonly rows: readonly (readonly Cell[])[]
  readonly last: boolean
}

/**
 * The rows of a table page by page, so that a large one holds up nobody for long and is never held as a whole: those that there are at the beginning, each once, as it is when its
 * turn comes. There is always one page.
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

/** A row by the names of its columns. */
export const recordOf = ({ columns }: TableInfo, row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null] as const))

/** Rows as CSV, instants as ISO 8601, and control characters as signs: a CSV file is read in terminals, too. A cell that begins like a formula is none: a spreadsheet would work it out. */
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
