import type { Json } from '../../core/errors/errors.ts'
import { mapJson } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { passwordsIn } from './schema-passwords.ts'

type Schema = Readonly<Record<string, Json>>

/** Returns the new value of a keyword of a schema; undefined to omit the keyword. */
type Change = (schema: Schema, keyword: string, value: Json) => Json | undefined

/** Keywords of JSON Schema that hold an object of schemas by name. */
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
])

/** Keywords that hold one schema or a list of schemas. */
const SCHEMAS: ReadonlySet<string> = new Set([
  ...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains'],
  ...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
  ...['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'],
])

/** Keywords that hold values which a form sends, or which an input is compared with. */
const VALUES: ReadonlySet<string> = new Set(['default', 'examples', 'const', 'enum', 'pattern'])

/**
 * Returns a JSON Schema without the secrets that this process knows, and without suggested
 * passwords. If the value of a keyword that forms or checks read contains a secret, the whole
 * keyword is omitted, because a form would send `***` as a value. The workflow still has its
 * defaults and checks its input.
 */
export function redactSchema(root: Schema): Schema {
  return mapSchema(root, (schema, keyword, value) => {
    if (!VALUES.has(keyword)) return redactTexts(value)
    const isSecret =
      knownSecrets.holds(JSON.stringify(value)) || passwordsSuggested(root, schema, keyword).length > 0
    return isSecret ? undefined : value
  })
}

/** Returns the passwords that a JSON Schema contains as defaults and examples. */
export function suggestedPasswords(root: Schema): string[] {
  const found: string[] = []
  mapSchema(root, (schema, keyword, value) => {
    found.push(...passwordsSuggested(root, schema, keyword))
    return value
  })
  return found
}

/**
 * Applies `change` to the keywords of a schema, and of all schemas within it. Keywords that hold
 * schemas are not changed themselves.
 */
function mapSchema(root: Schema, change: Change): Schema {
  const visitAny = (value: Json): Json => {
    if (isList(value)) return value.map(visitAny)
    return isObject(value) ? visit(value) : value
  }
  const visit = (schema: Schema): Schema =>
    Object.fromEntries(
      Object.entries(schema).flatMap(([keyword, value]): [string, Json][] => {
        if (SCHEMAS_BY_NAME.has(keyword)) return [[keyword, mapJson(value, knownSecrets.redact, visitAny)]]
        if (SCHEMAS.has(keyword)) return [[keyword, visitAny(value)]]
        const changed = change(schema, keyword, value)
        return changed === undefined ? [] : [[keyword, changed]]
      }),
    )
  return visit(root)
}

function passwordsSuggested(root: Schema, schema: Schema, keyword: string): string[] {
  const value = schema[keyword]
  if (value === undefined) return []
  const suggested = keyword === 'default' ? [value] : keyword === 'examples' && isList(value) ? value : []
  // References in a part of a schema refer to the definitions of the root.
  const whole = { ...definitionsOf(root), ...schema }
  return suggested.flatMap(one => passwordsIn(whole, one)).filter(password => password !== '')
}

function definitionsOf({ $defs, definitions }: Schema): Schema {
  return { ...($defs === undefined ? {} : { $defs }), ...(definitions === undefined ? {} : { definitions }) }
}

const redactTexts = (value: Json): Json =>
  typeof value === 'string' ? knownSecrets.redact(value) : mapJson(value, knownSecrets.redact, redactTexts)

/**
 * True for a list. With `Array.isArray`, TypeScript does not distinguish a read-only list from an
 * object.
 */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const isObject = (value: Json): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
