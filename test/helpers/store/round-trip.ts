import t from 'tap'
import type { z } from 'zod'

/**
 * A complete value that a schema accepts, and changes that make it invalid, each with the field in
 * the error.
 */
export type RoundTrip = readonly [
  name: string,
  schema: z.ZodType,
  good: object,
  wrong: readonly [change: object, field: string][],
]

/**
 * Tests that each value survives JSON unchanged, and that each change is refused with its field.
 */
export function testRoundTrips(table: readonly RoundTrip[]): void {
  for (const [name, schema, good, wrong] of table) {
    t.test(`${name} round-trips through JSON, and an error names the wrong field`, async t => {
      const text = JSON.stringify(good)
      const read = schema.parse(JSON.parse(text))
      t.strictSame(read, good)
      t.strictSame(JSON.parse(JSON.stringify(read)), JSON.parse(text))
      for (const [change, field] of wrong) {
        const fields = schema
          .safeParse({ ...good, ...change })
          .error?.issues.map(({ path }) => path.join('.'))
        t.ok(fields?.includes(field), `${field} is refused in ${JSON.stringify(change)}: ${String(fields)}`)
      }
      for (const nothing of [null, undefined, [], 'text', 7]) t.notOk(schema.safeParse(nothing).success)
    })
  }
}
