import type { SqlValue } from 'sql.js'

export type { SqlValue } from 'sql.js'
export type Row = Readonly<Record<string, SqlValue>>

/** `?` takes a list, `$name` a record without the sign; a boolean becomes 0 or 1. */
export type SqlParams = readonly (SqlValue | boolean)[] | Readonly<Record<string, SqlValue | boolean>>
