import { stringify } from 'csv-stringify/sync'
import { MAX_PAGE_ROWS } from '../lib/domain/table.ts'
import type { Cell, TableColumn, TableInfo, TablePage, TableQuery } from '../lib/domain/table.ts'
import type { StoreCalls } from './with-store.ts'

/** Whole values can be long: fewer of them make a page. */
const WHOLE_PAGE_ROWS = 50

/** The rows of a table page by page, so that a large one holds up nobody for long and is never held as a whole. There is always one page. */
export async function* tablePages(
  store: StoreCalls,
  query: TableQuery,
  limit = Infinity,
): AsyncGenerator<TablePage & { readonly last: boolean }> {
  const most = query.whole === true ? WHOLE_PAGE_ROWS : MAX_PAGE_ROWS
  let offset = 0
  for (;;) {
    const page = await store.call('tables.rows', {
      ...query,
      offset,
      limit: Math.min(limit - offset, most),
    })
    offset += page.rows.length
    const last = page.rows.length === 0 || offset >= Math.min(limit, page.total)
    yield { ...page, last }
    if (last) return
  }
}

/** A row by the names of its columns. */
export const recordOf = ({ columns }: TableInfo, row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null] as const))

/** Rows as CSV, instants as ISO 8601. A cell that begins like a formula is none: a spreadsheet would work it out. */
export function csvText(table: TableInfo, rows: readonly (readonly Cell[])[], headed: boolean): string {
  const header = headed ? [table.columns.map(({ name }) => name)] : []
  const records = rows.map(row => row.map((cell, index) => csvCell(table.columns[index], cell)))
  return stringify([...header, ...records], { escape_formulas: true })
}

function csvCell(column: TableColumn | undefined, cell: Cell): Cell {
  return column?.kind === 'instant' && typeof cell === 'number' ? new Date(cell).toISOString() : cell
}
