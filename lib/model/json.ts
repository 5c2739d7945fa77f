import { z } from 'zod'
import type { Json } from '../core/errors/errors.ts'

/**
 * Maximum number of levels in a JSON value that crosses a boundary. V8 and zod process a value
 * recursively: a structured clone of about 1,800 levels cannot be read, and a parse of about 1,300
 * levels overflows the stack. The document of a page, with each element in a list of its parent,
 * has about 120 levels.
 */
export const MAX_JSON_LEVELS = 200

/** Levels that the program's own documents add around such values. */
const DOCUMENT_LEVELS = 50

/**
 * Maximum number of values in one external value. Each list, object, text and number counts. The
 * scheduler reads a result in one turn: half a million values take a second, and ten million take
 * minutes and gigabytes.
 */
export const MAX_JSON_VALUES = 500_000

/**
 * Maximum size of one external value as JSON, in bytes, because the value passes through the store
 * as a whole, with the rest of its request.
 */
export const MAX_JSON_BYTES = 31 * 1024 ** 2

const REMEDY = 'or store it in a file and pass its path'

/** Describes the fault of a value with more than `MAX_JSON_LEVELS` levels, and the remedy. */
export const TOO_DEEP = `is nested more than ${MAX_JSON_LEVELS} levels deep. Make it flatter, ${REMEDY}`

/** Describes the fault of a value with more than `MAX_JSON_BYTES` bytes, and the remedy. */
export const TOO_LARGE = `is larger than 31 MB as JSON. Make it smaller, ${REMEDY}`

const TOO_MANY = `contains more than 500,000 values. Make it smaller, ${REMEDY}`

/**
 * Returns the fault of a value that is nested too deeply or has too many values, and the remedy;
 * undefined for a valid value. The text is a predicate without a subject.
 */
export function jsonFault(value: unknown): string | undefined {
  const { levels, values } = extentOf(value, MAX_JSON_LEVELS, MAX_JSON_VALUES)
  if (levels > MAX_JSON_LEVELS) return TOO_DEEP
  return values > MAX_JSON_VALUES ? TOO_MANY : undefined
}

/**
 * True if one of the program's own documents cannot be passed on, because a value in it is nested
 * too deeply.
 */
export function isDocumentTooDeep(document: unknown): boolean {
  const most = MAX_JSON_LEVELS + DOCUMENT_LEVELS
  return extentOf(document, most).levels > most
}

interface Extent {
  readonly levels: number
  readonly values: number
  /** False if the value is not JSON. */
  readonly isJson: boolean
}

/**
 * Counts the levels and the values of a value, depth first and without recursion. Stops as soon as
 * a limit is exceeded, because a value can contain itself.
 */
function extentOf(value: unknown, mostLevels: number, mostValues = Infinity): Extent {
  const open: object[] = []
  const levelsOfOpen: number[] = []
  let [values, levels, isJson] = [1, 0, true]
  const visit = (item: unknown, level: number) => {
    if (typeof item === 'object' && item !== null && !ArrayBuffer.isView(item)) {
      open.push(item)
      levelsOfOpen.push(level)
    } else isJson &&= isScalar(item)
  }
  visit(value, 1)
  while (levels <= mostLevels && values <= mostValues) {
    const container = open.pop()
    const level = levelsOfOpen.pop()
    if (container === undefined || level === undefined) break
    levels = Math.max(levels, level)
    isJson &&= Array.isArray(container) || isPlain(container)
    const items: readonly unknown[] = Array.isArray(container) ? container : Object.values(container)
    values += items.length
    for (const item of items) visit(item, level + 1)
  }
  return { levels, values, isJson }
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isPlain(container: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(container)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function isJson(value: unknown, mostLevels: number): boolean {
  const extent = extentOf(value, mostLevels)
  return extent.isJson && extent.levels <= mostLevels
}

/**
 * Schema of any value that JSON represents exactly, with at most `MAX_JSON_LEVELS` levels. For many
 * small values, Zod's own schemas take a hundred times as long.
 */
export const JsonValue: z.ZodType<Json, Json> = z.custom<Json>(value => isJson(value, MAX_JSON_LEVELS), {
  error: issue => (jsonFault(issue.input) === TOO_DEEP ? TOO_DEEP : 'is not a JSON value'),
})

/**
 * Schema of one of the program's own documents as JSON. It allows values of `MAX_JSON_LEVELS`
 * levels within the document.
 */
export const JsonDocument: z.ZodType<Json, Json> = z.custom<Json>(
  value => isJson(value, MAX_JSON_LEVELS + DOCUMENT_LEVELS),
  TOO_DEEP,
)

/** An instant, in whole milliseconds since 1970 (UTC). */
export const Instant = z.int().nonnegative()

/** A span of time in milliseconds. */
export const Milliseconds = z.number().nonnegative()
