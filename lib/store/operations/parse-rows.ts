import type { z } from 'zod'

/**
 * For `flatMap` over rows: a row that its schema does not take is left out. Another program has written it, and it must not hold up the others;
 * `rows.check` tells which it is.
 */
export function parseRows<S extends z.ZodType>(schema: S): (row: unknown) => z.output<S>[] {
  return row => {
    const parsed = schema.safeParse(row)
    return parsed.success ? [parsed.data] : []
  }
}
