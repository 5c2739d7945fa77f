import type { z } from 'zod'
import { AutomateError } from '../core/errors.ts'
import type { Json } from '../core/errors.ts'
import { JsonValue } from '../domain/json.ts'
import { describeIssues } from '../domain/issues.ts'

/**
 * Parses an offered result and turns it into JSON that the schema accepts again: the best result of another worker comes back as JSON.
 * Thrown with code `result-invalid` when it does not fit, or when the schema's output is not JSON (a Date, a transformed value).
 */
export function resultToJson(schema: z.ZodType, workflow: string, result: unknown): Json {
  const parsed = schema.safeParse(result)
  if (!parsed.success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" does not fit its schema: ${describeIssues(parsed.error)}. ` +
        'A result comes from offer(result), or from what the last phase returns.',
      { facts: { workflow } },
    )
  }
  const json = toJson(parsed.data)
  if (json === undefined || !schema.safeParse(json).success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" cannot be kept as JSON: use strings, numbers, booleans, arrays and plain objects in its result schema, and no transforms.`,
      { facts: { workflow } },
    )
  }
  return json
}

/** The JSON copy of a value, or undefined when it has none. */
export function toJson(value: unknown): Json | undefined {
  try {
    return JsonValue.safeParse(JSON.parse(JSON.stringify(value))).data
  } catch {
    return undefined
  }
}
