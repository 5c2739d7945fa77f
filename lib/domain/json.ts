import { z } from 'zod'
import type { Json } from '../core/errors.ts'

/**
 * Deepest nesting of a JSON value that crosses a boundary. V8 and zod walk a value recursively: a
 * structured clone of some 1,800 levels cannot be read, and a parse of some 1,300 overflows the
 * stack. A document of a page, each element in a list of its parent, has about 120.
 */
export const MAX_JSON_LEVELS = 200

/** Levels that our own documents add around the values that they hold. */
const DOCUMENT_LEVELS = 50

/** The fault of a value of more than `MAX_JSON_LEVELS`, and the remedy. */
export const TOO_DEEP = `is nested more than ${MAX_JSON_LEVELS} levels deep. Make it flatter, or keep it in a file and pass on its path`

/** Returns whether lists and objects stand in each other more than `levels` deep. Does not recurse. */
export function isNestedDeeper(value: unknown, levels: number = MAX_JSON_LEVELS): boolean {
  const open = isContainer(value) ? [{ container: value, level: 1 }] : []
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.level > levels) return true
    for (const item of Object.values(next.container))
      if (isContainer(item)) open.push({ container: item, level: next.level + 1 })
  }
  return false
}

/** Returns whether a document of ours cannot be passed on because a value in it is nested too deep. */
export function isDocumentTooDeep(document: unknown): boolean {
  return isNestedDeeper(document, MAX_JSON_LEVELS + DOCUMENT_LEVELS)
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
}

const NestedJson: z.ZodType<Json, Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(NestedJson),
    z.record(z.string(), NestedJson),
  ]),
)

/** Any value that JSON keeps exactly, of at most `MAX_JSON_LEVELS`. */
export const JsonValue: z.ZodType<Json, Json> = z
  .custom<Json>(value => !isNestedDeeper(value), TOO_DEEP)
  .pipe(NestedJson)

/** A document of ours as JSON: values of at most `MAX_JSON_LEVELS` fit into it. */
export const JsonDocument: z.ZodType<Json, Json> = z
  .custom<Json>(value => !isDocumentTooDeep(value), TOO_DEEP)
  .pipe(NestedJson)

/** An instant: whole milliseconds since 1970. */
export const Instant = z.int().nonnegative()

/** A span of time in milliseconds. */
export const Milliseconds = z.number().nonnegative()
