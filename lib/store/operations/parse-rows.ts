import type { z } from 'zod'

/**
 * Returns a function for `flatMap` over rows. It leaves out rows that do not match the schema. Such
 * a row was written by another program and must not block the others. `rows.check` reports it.
 */
export function parseRows<S extends z.ZodType>(schema: S): (row: unknown) => z.output<S>[] {
  return row => {
    const parsed = schema.safeParse(row)
    return parsed.success ? [parsed.data] : []
  }
}
