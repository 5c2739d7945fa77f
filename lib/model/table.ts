import { z } from 'zod'

/** A value of the database, as it is shown to a person. */
export const Cell = z.union([z.string(), z.number(), z.null()])
export type Cell = z.infer<typeof Cell>

/** A value as a person typed it; null for no value. */
export const TypedCell = z.string().max(1_000_000).nullable()

/**
 * Kinds of the values in a column. An `instant` is epoch ms, and is shown and typed as local time.
 * A `sealed` value is never shown.
 */
export const COLUMN_KINDS = ['text', 'integer', 'number', 'instant', 'json', 'sealed'] as const

export const TableColumn = z.object({
  name: z.string(),
  kind: z.enum(COLUMN_KINDS),
  /** True if the column is part of the row's key. */
  key: z.boolean(),
  nullable: z.boolean(),
  /**
   * Rows in which a person may set the value: none (`never`), only new rows (`new`), or all rows
   * (`always`).
   */
  edit: z.enum(['never', 'new', 'always']),
})
export type TableColumn = z.infer<typeof TableColumn>

/** A table that a person may view. */
export const TableInfo = z.object({
  name: z.string(),
  rows: z.int().nonnegative(),
  columns: z.array(TableColumn).min(1),
  insert: z.boolean(),
  remove: z.boolean(),
})
export type TableInfo = z.infer<typeof TableInfo>

/** Maximum number of rows in one page. */
export const MAX_PAGE_ROWS = 500

/** The key of a row: its value in each key column. */
export const RowKey = z.record(z.string(), Cell)
export type RowKey = z.infer<typeof RowKey>

/** Query for the rows of a table: which rows, and in which order. */
export const TableQuery = z.object({
  table: z.string(),
  /**
   * Matches rows that contain this text in any column, or in `column`. Upper and lower case do not
   * matter.
   */
  filter: z.object({ text: z.string().max(1_000), column: z.string().optional() }).optional(),
  /** Column to sort by; omitted to sort by the key. */
  sort: z.object({ column: z.string(), descending: z.boolean() }).optional(),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(MAX_PAGE_ROWS).default(100),
  /** True if long values are returned whole, as an export needs them. */
  whole: z.boolean().default(false),
})
export type TableQuery = z.input<typeof TableQuery>

/**
 * Parses a filter as a person types it: `text`, or `column:text` for one of these columns. If the
 * columns are unknown, any name before the colon is taken for a column.
 */
export function parseFilter(
  typed: string,
  columns?: readonly Pick<TableColumn, 'name'>[],
): NonNullable<TableQuery['filter']> {
  const [, column, text] = /^([a-z_]+):(.*)$/s.exec(typed) ?? []
  const known = columns?.some(({ name }) => name === column) ?? true
  return column === undefined || text === undefined || !known ? { text: typed } : { column, text }
}

/** Keys of all rows that match a query, in the order of the query. */
export const TableKeys = z.object({ table: TableInfo, keys: z.array(RowKey) })

/** Rows of a table. `total` counts all rows that match the filter. */
export const TablePage = z.object({
  table: TableInfo,
  /** Values in the order of the columns. Long values are cut unless `whole` was requested. */
  rows: z.array(z.array(Cell)),
  total: z.int().nonnegative(),
})
export type TablePage = z.infer<typeof TablePage>

/** Returns the key of a row in a page. */
export function keyOf({ columns }: Pick<TableInfo, 'columns'>, row: readonly Cell[]): RowKey {
  return Object.fromEntries(
    columns.flatMap(({ key, name }, index) => (key ? [[name, row[index] ?? null] as const] : [])),
  )
}
