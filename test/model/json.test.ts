import t from 'tap'
import { z } from 'zod'
import { describeIssues } from '../../lib/model/issues.ts'
import { JsonDocument, JsonValue, MAX_JSON_LEVELS, MAX_JSON_VALUES, jsonFault } from '../../lib/model/json.ts'
import { nested } from '../helpers/builders/nested-json.ts'

t.test('accepts a JSON value with the most levels, and refuses one more level', async t => {
  for (const value of [nested(MAX_JSON_LEVELS), { a: nested(MAX_JSON_LEVELS - 1) }, 1, null, {}])
    t.same(JsonValue.parse(value), value)
  for (const levels of [MAX_JSON_LEVELS + 1, 1_000, 2_400, 50_000]) {
    const refused = z.object({ input: JsonValue }).safeParse({ input: nested(levels) })
    t.equal(
      refused.error && describeIssues(refused.error),
      '"input": is nested more than 200 levels deep. Make it flatter, or store it in a file and pass its path',
    )
  }
  t.notOk(JsonValue.safeParse({ a: nested(MAX_JSON_LEVELS) }).success)
})

t.test('refuses a value that JSON does not keep exactly', async t => {
  for (const value of [
    undefined,
    NaN,
    Infinity,
    1n,
    new Date(),
    { a: undefined },
    [() => 1],
    new Map(),
    new Uint8Array(2),
  ])
    t.notOk(JsonValue.safeParse(value).success)
  t.ok(JsonValue.safeParse(Object.assign(Object.create(null), { a: [true, 'x', { b: null }] })).success)
})

t.test('refuses too many values with a remedy, and checks them without a schema for each', async t => {
  const many = Array.from({ length: MAX_JSON_VALUES }, () => ({}))
  t.equal(
    jsonFault(many),
    'contains more than 500,000 values. Make it smaller, or store it in a file and pass its path',
  )
  t.equal(jsonFault(many.slice(1)), undefined)
  t.ok(JsonValue.safeParse(many).success, 'a value stored before the limit can be read')
})

t.test('a circular value counts as nested too deep', async t => {
  const circle: Record<string, unknown> = {}
  Object.assign(circle, { left: circle, right: [circle] })
  t.ok(jsonFault(circle))
})

t.test('a document accepts values with the most levels', async t => {
  t.ok(JsonDocument.safeParse({ jobs: [{ input: nested(MAX_JSON_LEVELS) }] }).success)
  t.notOk(JsonDocument.safeParse(nested(1_000)).success)
})
