import { z } from 'zod'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { JsonValue } from '../model/json.ts'

/**
 * Returns a zod schema as JSON Schema, for forms. `what` names the schema in an error: `The input
 * schema of workflow "buy"`.
 * @throws `workflow-invalid` if the schema has a part that JSON Schema cannot express.
 */
export function formSchema(schema: z.ZodType, what: string): Record<string, Json> {
  try {
    return z.record(z.string(), JsonValue).parse(z.toJSONSchema(schema, { io: 'input' }))
  } catch (error) {
    throw new AutomateError(
      'workflow-invalid',
      `${what} cannot be shown as a form: ${messageOf(error)}. Use only types that JSON supports.`,
      { cause: error },
    )
  }
}
