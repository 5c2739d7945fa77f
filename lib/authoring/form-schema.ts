import { z } from 'zod'
import { AutomateError, messageOf } from '../core/errors.ts'
import type { Json } from '../core/errors.ts'
import { JsonValue } from '../domain/json.ts'

/**
 * A schema as JSON Schema, for whoever fills in what it describes. `what` names it in an error: `The input schema of workflow "buy"`.
 * Thrown with code `workflow-invalid` when it has a part that JSON Schema cannot say.
 */
export function formSchema(schema: z.ZodType, what: string): Record<string, Json> {
  try {
    return z.record(z.string(), JsonValue).parse(z.toJSONSchema(schema, { io: 'input' }))
  } catch (error) {
    throw new AutomateError(
      'workflow-invalid',
      `${what} cannot be shown as a form: ${messageOf(error)}. Use what JSON has.`,
      { cause: error },
    )
  }
}

const Hidden = z.looseObject({
  properties: z.record(
    z.string(),
    z.looseObject({ format: z.string().optional(), writeOnly: z.boolean().optional() }),
  ),
})

/** Returns the texts of an input that its JSON Schema calls passwords: forms do not show them. */
export function passwordsIn(schema: Readonly<Record<string, Json>>, input: Json): string[] {
  const properties = Hidden.safeParse(schema).data?.properties ?? {}
  const values = z.record(z.string(), JsonValue).safeParse(input).data ?? {}
  return Object.entries(properties).flatMap(([name, { format, writeOnly }]) => {
    const value = values[name]
    const hidden = format === 'password' || writeOnly === true
    return hidden && typeof value === 'string' ? [value] : []
  })
}
