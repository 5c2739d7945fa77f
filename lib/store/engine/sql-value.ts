import type { SqlValue } from 'sql.js'

export type { SqlValue } from 'sql.js'
export type Row = Readonly<Record<string, SqlValue>>

/**
 * Parameters of a statement: a list for `?`, or an object for `$name` whose keys have no `$`. A
 * boolean is stored as 0 or 1.
 */
export type SqlParams = readonly (SqlValue | boolean)[] | Readonly<Record<string, SqlValue | boolean>>
