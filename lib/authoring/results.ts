import type { z } from 'zod'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { JsonValue, MAX_JSON_BYTES, TOO_DEEP, TOO_LARGE, jsonFault } from '../model/json.ts'
import { describeIssues } from '../model/issues.ts'

/**
 * Parses an offered result and returns it as JSON. The schema must accept this JSON again, because
 * a worker reads the best result of another worker as JSON.
 * @throws `result-invalid` if the result does not fit, if the schema's output is not JSON (a Date,
 * a transformed value), or if the check throws or is asynchronous.
 */
export function resultToJson(schema: z.ZodType, workflow: string, result: unknown): Json {
  const parsed = fitted(schema, workflow, result)
  if (!parsed.success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" does not fit its schema: ${describeIssues(parsed.error)}. ` +
        'A result is the value passed to offer(result), or the return value of the last phase.',
      { facts: { workflow } },
    )
  }
  const json = toJson(parsed.data)
  const fault = json === undefined ? jsonCopyFault(parsed.data) : undefined
  if (fault !== undefined) throw tooLarge(workflow, fault)
  if (json === undefined || !fitted(schema, workflow, json).success) {
    throw new AutomateError(
      'result-invalid',
      `The result of workflow "${workflow}" cannot be stored as JSON. Use only strings, numbers, booleans, arrays and plain objects in its result schema, and no transforms.`,
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
      `The result of workflow "${workflow}" cannot be checked: ${messageOf(error)}. Its schema must not throw or be asynchronous, and reading the result must not throw.`,
      { facts: { workflow }, cause: error },
    )
  }
}

/** Returns the JSON copy of a value; undefined if the value has none. */
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

/** Returns why a value has no JSON copy, or undefined if it has one: see `jsonFault`. */
export function jsonCopyFault(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value)
    return isTooLarge(text) ? TOO_LARGE : jsonFault(JSON.parse(text))
  } catch (error) {
    // Limits of V8: a string has at most 512 MB, and the stack can overflow.
    if (error instanceof RangeError) return error.message === 'Invalid string length' ? TOO_LARGE : TOO_DEEP
    return undefined
  }
}

const isTooLarge = (text: string): boolean => Buffer.byteLength(text) > MAX_JSON_BYTES

function tooLarge(workflow: string, fault: string, cause?: unknown): AutomateError {
  const message = `The result of workflow "${workflow}" ${fault}.`
  return new AutomateError('result-invalid', message, { facts: { workflow }, cause })
}
