import type { Json } from '../core/errors/errors.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'

/**
 * Maximum number of characters in an excerpt. Screens and report pages show at most 20,000
 * characters of a value. The others are only for redaction.
 */
const MOST_CHARACTERS = 100_000

/** Maximum number of values in all lists and objects of an excerpt together. */
const MOST_VALUES = 5_000

const LEFT_OUT = '…'

/**
 * Returns an excerpt of a JSON value for display, because pages may fill results with megabytes.
 * The value keeps its own type.
 */
export function excerptJson(value: Json): Json {
  let left = MOST_VALUES
  let characters = MOST_CHARACTERS
  const excerpt = (each: Json): Json => {
    if (typeof each === 'string') {
      const text = knownSecrets.head(each, characters)
      characters -= text.length
      return text
    }
    if (typeof each !== 'object' || each === null) return each
    if (isList(each)) {
      const items = each.slice(0, left)
      left -= items.length
      const kept = items.map(excerpt)
      return items.length < each.length ? [...kept, LEFT_OUT] : kept
    }
    const fields: [string, Json][] = Object.entries(each)
    const kept = fields.slice(0, left)
    left -= kept.length
    const shown = kept.map(([name, item]): [string, Json] => [name, excerpt(item)])
    if (kept.length < fields.length) shown.push([LEFT_OUT, LEFT_OUT])
    return Object.fromEntries(shown)
  }
  return excerpt(value)
}

/** True for a list. `Array.isArray` alone does not narrow the type of a read-only list. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
