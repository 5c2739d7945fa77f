import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { SharedMap } from '../../authoring/shared-values.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import { describeIssues } from '../../model/issues.ts'
import { jsonFault } from '../../model/json.ts'
import { requireKey } from '../../model/shared-key.ts'
import type { OutputOf } from '../../store/operations/index.ts'
import type { SharedPort } from './shared-port.ts'

/**
 * Returns a map of values in the store. The schema and the author's code for `update` run in the
 * worker, so the store's owner only compares versions.
 * @throws `workflow-invalid` if the name or a key is not a string of 1 to 200 characters.
 */
export function sharedMap<Value extends z.ZodType<Json, Json>>(
  store: SharedPort,
  map: string,
  schema: Value,
): SharedMap<Value> {
  requireKey('sharedMap(…)', 'name', map)
  const place = (asked: string) => ({ map, key: requireKey(`sharedMap("${map}")`, 'key', asked) })
  const parse = (key: string, value: unknown) => {
    const parsed = schema.safeParse(value)
    const fault = parsed.success ? jsonFault(parsed.data) : undefined
    if (fault !== undefined)
      throw new AutomateError('result-invalid', `The value "${key}" of the shared map "${map}" ${fault}.`, {
        facts: { map, key },
      })
    if (parsed.success) return parsed.data
    throw new AutomateError(
      'result-invalid',
      `The value "${key}" of the shared map "${map}" does not match its schema: ${describeIssues(parsed.error)}.`,
      { facts: { map, key } },
    )
  }
  const valueOf = (key: string, { json }: Pick<OutputOf<'shared.read'>, 'json'>) =>
    json === null ? undefined : parse(key, JSON.parse(json))
  const jsonOf = (key: string, value: z.input<Value> | undefined) =>
    value === undefined ? null : JSON.stringify(parse(key, value))

  const read = (key: string) => store.call('shared.read', place(key))
  const write = (key: string, json: string | null, seenVersion?: number) =>
    store.call('shared.write', { ...place(key), json, ...(seenVersion === undefined ? {} : { seenVersion }) })

  return {
    get: async key => valueOf(key, await read(key)),
    set: async (key, value) => {
      await write(key, jsonOf(key, value))
    },
    delete: async key => {
      await write(key, null)
    },
    update: async (key, change) => {
      let current: OutputOf<'shared.read'> = await read(key)
      for (;;) {
        const next = jsonOf(key, change(valueOf(key, current)))
        const written = await write(key, next, current.version)
        if (written.applied) return valueOf(key, written)
        current = written
      }
    },
    compareAndSet: async (key, expected, next) => {
      const wanted = jsonOf(key, next)
      let current: OutputOf<'shared.read'> = await read(key)
      while (isDeepStrictEqual(jsonValue(current.json), jsonValue(jsonOf(key, expected)))) {
        const written = await write(key, wanted, current.version)
        if (written.applied) return true
        current = written
      }
      return false
    },
    entries: async () => {
      const entries: [string, z.output<Value>][] = []
      for (;;) {
        const after = entries.at(-1)?.[0]
        const page = await store.call('shared.list', { map, ...(after === undefined ? {} : { after }) })
        if (page.length === 0) return entries
        for (const { key, json } of page) entries.push([key, parse(key, JSON.parse(json))])
      }
    },
  }
}

/**
 * Parses JSON for a comparison of values, in which the order of an object's fields is irrelevant.
 */
function jsonValue(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json)
}
