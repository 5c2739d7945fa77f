import type { SqlValue } from 'sql.js'

export type { SqlValue } from 'sql.js'
export type Row = Readonly<Record<string, SqlValue>>

/**
 * Parameters of a statement: a list for `?`, a record without the sign for `$name`. A boolean
 * becomes 0 or 1.
 */
export type SqlParams = readonly (SqlValue | boolean)[] | Readonly<Record<string, SqlValue | boolean>>
