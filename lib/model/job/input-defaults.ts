import { z } from 'zod'
import type { Json } from '../../core/errors/errors.ts'
import { JsonValue } from '../json.ts'

const WithDefaults = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.looseObject({ default: z.exactOptional(JsonValue) })),
})

/** Returns the defaults of an input's fields from the JSON Schema of the workflow's input. */
export function defaultsOf(inputSchema: Readonly<Record<string, Json>>): Record<string, Json> {
  const schema = WithDefaults.safeParse(inputSchema)
  if (!schema.success) return {}
  return Object.fromEntries(
    Object.entries(schema.data.properties).flatMap(([name, property]): [string, Json][] =>
      property.default === undefined ? [] : [[name, property.default]],
    ),
  )
}
