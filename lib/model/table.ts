import { z } from 'zod'

/** A value of the database as a person sees it. */
export const Cell = z.union([z.string(), z.number(), z.null()])
export type Cell = z.infer<typeof Cell>

/** What a person types for a value; null for "no value". */
export const TypedCell = z.string().max(1_000_000).nullable()

/** How the values of a column are written: an instant is epoch ms, shown and typed as local time; a sealed value is never shown. */
export const COLUMN_KINDS = ['text', 'integer', 'number', 'instant', 'json', 'sealed'] as const

export const TableColumn = z.object({
  name: z.string(),
  kind: z.enum(COLUMN_KINDS),
  /** Its values tell the rows apart. */
  key: z.boolean(),
  nullable: z.boolean(),
  /** When a person may say what stands there. */
  edit: z.enum(['never', 'new', 'always']),
})
export type TableColumn = z.infer<typeof TableColumn>

/** A table that a person may look into. */
export const TableInfo = z.object({
  name: z.string(),
  rows: z.int().nonnegative(),
  columns: z.array(TableColumn).min(1),
  insert: z.boolean(),
  remove: z.boolean(),
})
export type TableInfo = z.infer<typeof TableInfo>

/** Most rows of one page. */
export const MAX_PAGE_ROWS = 500

/** The key of a row: its value in each key column. */
export const RowKey = z.record(z.string(), Cell)
export type RowKey = z.infer<typeof RowKey>

/** Which rows of a table, in which order. */
export const TableQuery = z.object({
  table: z.string(),
  /** Rows which hold this text, in any column or in `column`, capital or small. */
  filter: z.object({ text: z.string().max(1_000), column: z.string().optional() }).optional(),
  /** By the key without it. */
  sort: z.object({ column: z.string(), descending: z.boolean() }).optional(),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(MAX_PAGE_ROWS).default(100),
  /** Whether long values are given whole, as a file of them needs it. */
  whole: z.boolean().default(false),
})
export type TableQuery = z.input<typeof TableQuery>

/** What a person types to filter: `text`, or `column:text` for one of these columns; of any name where they are not known. */
export function parseFilter(
  typed: string,
  columns?: readonly Pick<TableColumn, 'name'>[],
): NonNullable<TableQuery['filter']> {
  const [, column, text] = /^([a-z_]+):(.*)$/s.exec(typed) ?? []
  const known = columns?.some(({ name }) => name === column) ?? true
  return column === undefined || text === undefined || !known ? { text: typed } : { column, text }
}

/** The keys of all rows that a query lets through, in its order. */
export const TableKeys = z.object({ table: TableInfo, keys: z.array(RowKey) })

/** Rows of a table. `total` counts all that the filter lets through. */
export const TablePage = z.object({
  table: TableInfo,
  /** Values in the order of the columns; long ones are cut, unless they were asked for whole. */
  rows: z.array(z.array(Cell)),
  total: z.int().nonnegative(),
})
export type TablePage = z.infer<typeof TablePage>

/** The key of a row of a page. */
export function keyOf({ columns }: Pick<TableInfo, 'columns'>, row: readonly Cell[]): RowKey {
  return Object.fromEntries(
    columns.flatMap(({ key, name }, index) => (key ? [[name, row[index] ?? null] as const] : [])),
  )
}
