import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { resultToJson } from '../../lib/authoring/results.ts'
import { errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import type { Nonsense } from './nonsense.ts'

const OFFER = { shop: 'wine.example', cents: 1_130, tags: ['red'], seen: { page: 3 } }

/** Result schemas of workflows, including careless ones. */
const SCHEMAS: readonly z.ZodType[] = [
  z.object({
    shop: z.string(),
    cents: z.int(),
    tags: z.array(z.string()),
    seen: z.object({ page: z.int() }),
  }),
  z.record(z.string(), z.unknown()),
  z.unknown(),
  z.date(),
  z.string().transform(text => new Map([[text, text]])),
  z.unknown().refine(async value => Promise.resolve(value !== null)),
  z.unknown().refine(() => {
    throw new Error('the check itself is broken')
  }),
]

const DEEP = 20_000

/** JavaScript values that JSON cannot hold, or that harm their reader. */
const HOSTILE: readonly (() => unknown)[] = [
  () => undefined,
  () => 10n,
  () => Symbol('price'),
  () => () => 1,
  () => Number.NaN,
  () => new Date(Number.NaN),
  () => new Map([['cents', 1]]),
  () => new Error('no result'),
  () => Promise.resolve(OFFER),
  () => ({
    get cents(): number {
      throw new Error('read me not')
    },
  }),
  () => ({
    toJSON: () => {
      throw new Error('write me not')
    },
  }),
  () =>
    new Proxy(OFFER, {
      ownKeys: () => {
        throw new Error('list me not')
      },
    }),
  () => {
    const loop: Record<string, unknown> = { ...OFFER }
    loop['seen'] = loop
    return loop
  },
  () => {
    let nest: unknown = 1
    for (let level = 0; level < DEEP; level += 1) nest = [nest]
    return nest
  },
  () => Array.from({ length: 3 }),
]

/**
 * Checks an invalid result of a workflow. It must be refused as such, or stored as JSON that its
 * schema accepts again.
 */
export function badResult(nonsense: Nonsense): string | null {
  const schema = nonsense.one(SCHEMAS)
  const hostile = nonsense.one(HOSTILE)()
  const key = nonsense.one(Object.keys(OFFER))
  const result = nonsense.one([
    () => nonsense.damaged(OFFER),
    () => hostile,
    () => ({ ...OFFER, [key]: hostile }),
    () => [hostile, nonsense.value()],
  ])()
  let kept: Json
  try {
    kept = resultToJson(schema, 'wine', result)
  } catch (error) {
    if (errorCode(error) === 'result-invalid' && messageOf(error).includes('"wine"')) return null
    return `refused with ${errorCode(error)}: ${messageOf(error)}`
  }
  return isDeepStrictEqual(JSON.parse(JSON.stringify(kept)), kept)
    ? null
    : `kept what is no JSON: ${JSON.stringify(kept)}`
}
