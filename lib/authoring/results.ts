import type { z } from 'zod'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { JsonValue, MAX_JSON_BYTES, TOO_DEEP, TOO_LARGE, jsonFault } from '../model/json.ts'
import { describeIssues } from '../model/issues.ts'

/**
 * Parses an offered result and turns it into JSON that the schema accepts again: the best result of another worker comes back as JSON.
 * Thrown with code `result-invalid` when it does not fit, when the schema's output is not JSON (a Date, a transformed value), or when schema or result
 * throw or wait while it is looked at.
 */
export function resultToJson(schema: z.ZodType, workflow: string, result: unknown): Json {
  const parsed = fitted(schema, workflow, result)
  if (!parsed.success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" does not fit its schema: ${describeIssues(parsed.error)}. ` +
        'A result comes from offer(result), or from what the last phase returns.',
      { facts: { workflow } },
    )
  }
  const json = toJson(parsed.data)
  const fault = json === undefined ? jsonCopyFault(parsed.data) : undefined
  if (fault !== undefined) throw tooLarge(workflow, fault)
  if (json === undefined || !fitted(schema, workflow, json).success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" cannot be kept as JSON: use strings, numbers, booleans, arrays and plain objects in its result schema, and no transforms.`,
      { facts: { workflow } },
    )
  }
  return json
}

function fitted(schema: z.ZodType, workflow: string, value: unknown): z.ZodSafeParseResult<unknown> {
  try {
    return schema.safeParse(value)
  } catch (error) {
    const fault = error instanceof RangeError ? jsonCopyFault(value) : undefined
    if (fault !== undefined) throw tooLarge(workflow, fault, error)
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" cannot be checked: ${messageOf(error)}. Its schema must neither throw nor wait, and the result must not throw where it is read.`,
      { facts: { workflow }, cause: error },
    )
  }
}

/** The JSON copy of a value, or undefined when it has none. */
export function toJson(value: unknown): Json | undefined {
  try {
    const text = JSON.stringify(value)
    if (isTooLarge(text)) return undefined
    const copy: unknown = JSON.parse(text)
    return jsonFault(copy) === undefined ? JsonValue.safeParse(copy).data : undefined
  } catch {
    return undefined
  }
}

/** Returns the fault of a value that has no JSON copy: see `jsonFault`. */
export function jsonCopyFault(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value)
    return isTooLarge(text) ? TOO_LARGE : jsonFault(JSON.parse(text))
  } catch (error) {
    // The engine's own limits: its texts have at most 512 MB, or no stack is left.
    if (error instanceof RangeError) return error.message === 'Invalid string length' ? TOO_LARGE : TOO_DEEP
    return undefined
  }
}

const isTooLarge = (text: string): boolean => Buffer.byteLength(text) > MAX_JSON_BYTES

function tooLarge(workflow: string, fault: string, cause?: unknown): AutomateError {
  const message = `The result of workflow "${workflow}" ${fault}.`
  return new AutomateError('result-invalid', message, { facts: { workflow }, cause })
}
