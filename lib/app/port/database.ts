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
  /** Table that the other fields are about. */
  readonly table: string | null
  /** Filter as it was typed: a text, or `column:text`. */
  readonly filter: string
  readonly sort: NonNullable<TableQuery['sort']> | null
  /** Index of the column under the cursor. */
  readonly column: number
  /** Index of the row under the cursor, among all rows that match the filter. */
  readonly cursor: number
  /** Rows of the last answer, with their query. */
  readonly shown: { readonly query: TableQuery; readonly page: TablePage } | null
  /** Reason why there was no answer. */
  readonly problem: string | null
  /** True if the view must be read again, because the data may have changed. */
  readonly stale: boolean
  readonly readAt: number
  readonly tookMs: number
  /** Rows that are to be read whole, and the purpose. */
  readonly records: { readonly purpose: 'show' | 'change'; readonly keys: readonly RowKey[] } | null
}

export const NO_TABLE: DatabaseView = {
  ...{ tables: [], table: null, filter: '', sort: null, column: 0, cursor: 0, shown: null, problem: null },
  ...{ stale: true, readAt: 0, tookMs: 0, records: null },
}

/** Rows of one page, enough for several screens. */
export const PAGE_ROWS = 200

/** Distance of the cursor from the end of a page at which the next page is read. */
const MARGIN = 40

/** Returns the name of a row, which is its key. */
export const rowId = (table: Pick<TableInfo, 'columns'>, row: readonly Cell[]): string =>
  JSON.stringify(keyOf(table, row))

export const keyOfId = (id: string): RowKey => RowKey.parse(JSON.parse(id))

/** Returns the selected table as the program knows it. */
export const tableShown = ({ tables, table }: DatabaseView): TableInfo | undefined =>
  tables.find(({ name }) => name === table)

/** Returns the loaded rows, and the index of the first one among all rows. */
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
 * Returns the query for the current view. The loaded page remains while the cursor is well within
 * it.
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
