import { MAX_PAGE_ROWS, RowKey, keyOf, parseFilter } from '../../model/table.ts'
import type { Cell, TableInfo, TablePage, TableQuery } from '../../model/table.ts'

/** A row as it was displayed. A change is refused if the row has changed since. */
export interface SeenRow {
  readonly key: RowKey
  readonly seen: Readonly<Record<string, Cell>>
}

/** State of the database view. Holds at most one page of a table's rows. */
export interface DatabaseView {
  readonly tables: readonly TableInfo[]
  /** Name of the selected table, which the other fields describe; null if none is selected. */
  readonly table: string | null
  /** Filter as typed: a text, or `column:text` to search one column. */
  readonly filter: string
  readonly sort: NonNullable<TableQuery['sort']> | null
  /** Index of the column under the cursor. */
  readonly column: number
  /** Index of the row under the cursor, among all rows that match the filter. */
  readonly cursor: number
  /** Rows of the last reply, with the query that asked for them; null before the first reply. */
  readonly shown: { readonly query: TableQuery; readonly page: TablePage } | null
  /** Reason why the last query failed; null if it did not fail. */
  readonly problem: string | null
  /** True if the view must be read again, because the data may have changed. */
  readonly stale: boolean
  readonly readAt: number
  readonly tookMs: number
  /** Rows whose complete values are requested, and the purpose; null if none are requested. */
  readonly records: { readonly purpose: 'show' | 'change'; readonly keys: readonly RowKey[] } | null
}

export const NO_TABLE: DatabaseView = {
  ...{ tables: [], table: null, filter: '', sort: null, column: 0, cursor: 0, shown: null, problem: null },
  ...{ stale: true, readAt: 0, tookMs: 0, records: null },
}

/** Maximum number of rows in one page, enough for several screens. */
export const PAGE_ROWS = 200

/**
 * Distance, in rows, between the cursor and either end of the loaded page at which another page is
 * read.
 */
const MARGIN = 40

/** Returns the name of a row, which is its key. */
export const rowId = (table: Pick<TableInfo, 'columns'>, row: readonly Cell[]): string =>
  JSON.stringify(keyOf(table, row))

export const keyOfId = (id: string): RowKey => RowKey.parse(JSON.parse(id))

/** Returns the description of the selected table; undefined if there is none. */
export const tableShown = ({ tables, table }: DatabaseView): TableInfo | undefined =>
  tables.find(({ name }) => name === table)

/**
 * Returns the loaded rows, the index of the first of them among all matching rows (`offset`), and
 * the number of all matching rows (`total`).
 */
export function rowsHeld({ shown }: DatabaseView): {
  readonly offset: number
  readonly total: number
  readonly rows: TablePage['rows']
} {
  if (shown === null) return { offset: 0, total: 0, rows: [] }
  return { offset: shown.query.offset ?? 0, total: shown.page.total, rows: shown.page.rows }
}

/** Returns the row under the cursor; undefined while it is being read. */
export function rowAtCursor(view: DatabaseView): readonly Cell[] | undefined {
  const { offset, rows } = rowsHeld(view)
  return rows[view.cursor - offset]
}

/**
 * Returns the query for the current view; null if no table is selected. Asks for the loaded page
 * again while the cursor is not near one of its ends, otherwise for a page around the cursor.
 */
export function rowsQuery(view: DatabaseView): TableQuery | null {
  const { table, filter, sort, cursor } = view
  if (table === null) return null
  const { offset, total, rows } = rowsHeld(view)
  const end = offset + rows.length
  const above = offset === 0 || cursor >= offset + MARGIN
  const below = end >= total || cursor < end - MARGIN
  const held = view.shown !== null && rows.length > 0 && above && below
  return {
    table,
    ...(filter === '' ? {} : { filter: parseFilter(filter, tableShown(view)?.columns) }),
    ...(sort === null ? {} : { sort }),
    offset: held ? offset : Math.max(0, cursor - PAGE_ROWS / 2),
    limit: Math.min(PAGE_ROWS, MAX_PAGE_ROWS),
  }
}

/** True if two queries ask for the same rows. */
export const sameQuery = (a: TableQuery | null, b: TableQuery | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
