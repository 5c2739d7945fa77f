import type { Cell, RowKey, TableInfo, TablePage, TableQuery } from '../lib/domain/table.ts'

/** What a screen reads beside the snapshot, while it is looked at. */
export type Lookup =
  /** The tables, and a page of the rows of one. */
  | { readonly type: 'database'; readonly rows: TableQuery | null }
  /** Rows with their values whole. */
  | { readonly type: 'records'; readonly table: string; readonly keys: readonly RowKey[] }

export type LookupAnswer =
  | { readonly type: 'database'; readonly tables: readonly TableInfo[]; readonly page: TablePage | null }
  /** In the order of the keys; null for a row that is gone. */
  | {
      readonly type: 'records'
      readonly table: TableInfo
      readonly rows: readonly (readonly Cell[] | null)[]
    }

/** `message` says what happened and what to do. */
export type LookupResult =
  { readonly ok: true; readonly answer: LookupAnswer } | { readonly ok: false; readonly message: string }

/** A look-up that waits for its answer. */
export interface PendingLookup {
  readonly id: number
  readonly at: number
}
