import type { Json } from '../../../lib/core/errors/errors.ts'

/** Returns a list that is nested to the given number of levels. */
export function nested(levels: number): Json {
  let value: Json = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

/**
 * Returns the JSON text of `nested(levels)`, which `JSON.stringify` cannot produce if there are
 * very many levels.
 */
export function nestedText(levels: number): string {
  return `${'['.repeat(levels)}1${']'.repeat(levels)}`
}
