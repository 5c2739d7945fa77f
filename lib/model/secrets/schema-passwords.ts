import type { Json } from '../../core/errors/errors.ts'
import { secretsOfInput, textsOf } from '../../core/text/redact.ts'

type Schema = Readonly<Record<string, Json>>

/** Keywords of JSON Schema that hold one schema, or a list of schemas, for the same value. */
const SAME_VALUE = ['then', 'else'] as const
const SAME_VALUE_LISTS = ['anyOf', 'oneOf', 'allOf'] as const

/**
 * Returns the secrets of an input: the texts in fields with a secret's name, and the values that
 * the schema marks as passwords.
 */
export function secretsOfJob(schema: Schema, input: Json): string[] {
  return [...new Set([...secretsOfInput(input), ...passwordsIn(schema, input)])]
}

/**
 * Returns the texts and numbers of a value, at any depth, that its JSON Schema marks as passwords.
 */
export function passwordsIn(schema: Schema, value: Json): string[] {
  const found: string[] = []
  replacePasswords(schema, value, password => {
    found.push(...textsOf(password))
    return password
  })
  return found
}

/**
 * Returns a value in which each part that its JSON Schema marks as a password is replaced. Follows
 * references, and all alternatives that are not excluded by a constant that differs from the value.
 * A part is a password if any of the alternatives marks it as one.
 */
export function replacePasswords(root: Schema, value: Json, replace: (password: Json) => Json): Json {
  // All schemas of a part are followed together, so the time does not grow with their combinations.
  const visit = (schemas: Iterable<Json | undefined>, part: Json): Json => {
    const all = applying(root, schemas, part)
    if (all.some(isPassword)) return replace(part)
    if (isList(part))
      return part.map((item, index) => visit(new Set(all.map(schema => itemSchema(schema, index))), item))
    if (!isObject(part)) return part
    return Object.fromEntries(
      Object.entries(part).map(([name, item]) => [
        name,
        visit(new Set(all.flatMap(schema => fieldSchemas(schema, name))), item),
      ]),
    )
  }
  return visit([root], value)
}

/** True if a value of this schema is a password as a whole. */
export function isPasswordSchema(root: Schema, schema: Json): boolean {
  return applying(root, [schema]).some(isPassword)
}

/** True if a schema marks any part of a value as a password. */
export function describesPassword(schema: Json): boolean {
  if (isList(schema)) return schema.some(describesPassword)
  return isObject(schema) && (isPassword(schema) || Object.values(schema).some(describesPassword))
}

const isPassword = (schema: Schema): boolean =>
  schema['format'] === 'password' || schema['writeOnly'] === true

/**
 * Returns all schemas that apply to one value: the given schemas, the schemas that they refer to,
 * and their alternatives.
 */
function applying(root: Schema, schemas: Iterable<Json | undefined>, value?: Json): Schema[] {
  const found = new Set<Schema>()
  const add = (schema: Json | undefined) => {
    if (!isObject(schema) || found.has(schema)) return
    if (value !== undefined && isRuledOut(schema, value)) return
    found.add(schema)
    add(referred(root, schema['$ref']))
    for (const keyword of SAME_VALUE) add(schema[keyword])
    for (const keyword of SAME_VALUE_LISTS) for (const one of listOf(schema[keyword])) add(one)
  }
  for (const schema of schemas) add(schema)
  return [...found]
}

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : [])

/** True if a constant of the schema, such as the type in a union, differs from the value. */
function isRuledOut(schema: Schema, value: Json): boolean {
  const properties = schema['properties']
  if (!isObject(properties) || !isObject(value)) return false
  return Object.entries(properties).some(
    ([name, property]) =>
      isObject(property) &&
      typeof property['const'] === 'string' &&
      Object.hasOwn(value, name) &&
      value[name] !== property['const'],
  )
}

/**
 * Returns the schema that a reference within the root refers to, such as `#/$defs/login`; undefined
 * for any other reference.
 */
function referred(root: Schema, reference: Json | undefined): Json | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  const names = reference.split('/').slice(1)
  return names.reduce<Json | undefined>((within, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
    if (isList(within)) return within[Number(key)]
    return isObject(within) && Object.hasOwn(within, key) ? within[key] : undefined
  }, root)
}

/**
 * Returns the schemas of a field. A field that is not in `properties` gets the schema of additional
 * properties and those of all patterns, because its name is not compared with the patterns.
 */
function fieldSchemas(schema: Schema, name: string): Json[] {
  const properties = schema['properties']
  if (isObject(properties) && Object.hasOwn(properties, name)) return [properties[name] ?? null]
  const patterns = schema['patternProperties']
  return [schema['additionalProperties'] ?? null, ...(isObject(patterns) ? Object.values(patterns) : [])]
}

function itemSchema(schema: Schema, index: number): Json | undefined {
  const items = schema['items']
  const first = schema['prefixItems'] ?? items
  const own = isList(first) ? first[index] : undefined
  return own ?? (isList(items) ? schema['additionalItems'] : items)
}

/**
 * True for a list. With `Array.isArray`, TypeScript does not distinguish a read-only list from an
 * object.
 */
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const isObject = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
