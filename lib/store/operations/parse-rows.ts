import type { z } from 'zod'

/**
 * Returns a function for `flatMap` over rows that leaves out a row which does not match its schema.
 * Another program has written such a row, and it must not block the others. `rows.check` reports
 * it.
 */
export function parseRows<S extends z.ZodType>(schema: S): (row: unknown) => z.output<S>[] {
  return row => {
    const parsed = schema.safeParse(row)
    return parsed.success ? [parsed.data] : []
  }
}
