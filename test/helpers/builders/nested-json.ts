import type { Json } from '../../../lib/core/errors/errors.ts'

/** Returns nested lists. */
export function nested(levels: number): Json {
  let value: Json = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

/** Returns the text of `nested`. `JSON.stringify` cannot write it for very many levels. */
export function nestedText(levels: number): string {
  return `${'['.repeat(levels)}1${']'.repeat(levels)}`
}
