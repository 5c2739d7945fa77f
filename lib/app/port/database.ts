import { MAX_PAGE_ROWS, RowKey, keyOf, parseFilter } from '../../model/table.ts'
import type { Cell, TableInfo, TablePage, TableQuery } from '../../model/table.ts'

/** A row as it was seen: a change is refused when it has changed since. */
export interface SeenRow {
  readonly key: RowKey
  readonly seen: Readonly<Record<string, Cell>>
}

/** What is known of the database, and what of it is shown. Only a page of a table's rows is ever held. */
export interface DatabaseView {
  readonly tables: readonly TableInfo[]
  /** The table that the rest is about. */
  readonly table: string | null
  /** As it was typed: a text, or `column:text`. */
  readonly filter: string
  readonly sort: NonNullable<TableQuery['sort']> | null
  /** The column under the cursor, by its place. */
  readonly column: number
  /** The row under the cursor: its place among all that the filter lets through. */
  readonly cursor: number
  /** The rows that were answered last, with what was asked for. */
  readonly shown: { readonly query: TableQuery; readonly page: TablePage } | null
  /** Why there was no answer. */
  readonly problem: string | null
  /** Whether it has to be read anew: something may have changed. */
  readonly stale: boolean
  readonly readAt: number
  readonly tookMs: number
  /** Rows that are wanted whole, and what for. */
  readonly records: { readonly purpose: 'show' | 'change'; readonly keys: readonly RowKey[] } | null
}

export const NO_TABLE: DatabaseView = {
  ...{ tables: [], table: null, filter: '', sort: null, column: 0, cursor: 0, shown: null, problem: null },
  ...{ stale: true, readAt: 0, tookMs: 0, records: null },
}

/** Rows of one page: several screens full. */
export const PAGE_ROWS = 200

/** A cursor this near to the end of a page has the next one asked for. */
const MARGIN = 40

/** The name of a row: its key. */
export const rowId = (table: Pick<TableInfo, 'columns'>, row: readonly Cell[]): string =>
  JSON.stringify(keyOf(table, row))

export const keyOfId = (id: string): RowKey => RowKey.parse(JSON.parse(id))

/** The table that is shown, as the program knows it. */
export const tableShown = ({ tables, table }: DatabaseView): TableInfo | undefined =>
  tables.find(({ name }) => name === table)

/** The rows that are held, and the place of the first among all. */
export function rowsHeld({ shown }: DatabaseView): {
  readonly offset: number
  readonly total: number
  readonly rows: TablePage['rows']
} {
  if (shown === null) return { offset: 0, total: 0, rows: [] }
  return { offset: shown.query.offset ?? 0, total: shown.page.total, rows: shown.page.rows }
}

/** The row under the cursor; undefined while it is on its way. */
export function rowAtCursor(view: DatabaseView): readonly Cell[] | undefined {
  const { offset, rows } = rowsHeld(view)
  return rows[view.cursor - offset]
}

/** What has to be asked for to show what is wanted: the page that is held while the cursor is well within it. */
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

/** Whether two queries ask for the same rows. */
export const sameQuery = (a: TableQuery | null, b: TableQuery | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
