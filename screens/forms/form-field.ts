import { z } from 'zod'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import { JsonValue } from '../../lib/model/json.ts'
import { isPasswordSchema, replacePasswords } from '../../lib/model/secrets/schema-passwords.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { issueWords } from '../../lib/locales/format/issue-words.ts'

/**
 * One field of an input in a form. A value other than a text, a number or a choice is typed as
 * JSON.
 */
export interface Field {
  readonly name: string
  /** Label on the screen, if it differs from the name. */
  readonly label?: string
  readonly kind: 'text' | 'number' | 'choice' | 'json'
  readonly required: boolean
  /** True if the text is hidden, as for a password. */
  readonly secret: boolean
  /** Choices of the field, each with its text and its value. */
  readonly choices: readonly { readonly text: string; readonly value: Json }[]
  /** Initial text, from the default of the field. */
  readonly initial: string
  readonly description: string
}

const Property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(JsonValue).optional(),
  default: JsonValue.optional(),
  description: z.string().optional(),
})

const InputSchema = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
})

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * Returns the fields for an input from its JSON Schema. Required fields come first. Empty if the
 * schema describes no properties.
 */
export function formFields(inputSchema: Readonly<Record<string, Json>>): readonly Field[] {
  const parsed = InputSchema.safeParse(inputSchema)
  if (!parsed.success) return []
  const { properties, required } = parsed.data
  const fields = Object.entries(properties).map(([name, property]): Field => {
    const choices = property.enum ?? (property.type === 'boolean' ? [true, false] : [])
    return {
      name,
      kind: kindOf(property, choices.length),
      required: required.includes(name),
      secret: choices.length === 0 && isPasswordSchema(inputSchema, JsonValue.parse(property)),
      choices: choices.map(value => ({ text: shown(value), value })),
      initial: property.default === undefined ? '' : shown(property.default),
      description: sanitiseLine(property.description ?? ''),
    }
  })
  return fields.toSorted((a, b) => Number(b.required) - Number(a.required))
}

function kindOf({ type }: z.infer<typeof Property>, choices: number): Field['kind'] {
  if (choices > 0) return 'choice'
  if (type === 'string') return 'text'
  return type === 'number' || type === 'integer' ? 'number' : 'json'
}

/**
 * Returns the value of a field; undefined if the field is empty. A text that is not a valid number,
 * choice or JSON is returned as it is, and the check against the schema then fails.
 */
export function fieldValue({ kind, choices }: Field, text: string): Json | undefined {
  if (text === '') return undefined
  switch (kind) {
    case 'text':
      return text
    case 'choice':
      return choices.find(choice => choice.text === text)?.value ?? text
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'json':
      try {
        return JsonValue.parse(JSON.parse(text))
      } catch {
        return text
      }
  }
}

/** Returns the input that is made of the texts of all fields. Empty fields are left out. */
export function formInput(fields: readonly Field[], texts: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    fields.flatMap((field, index) => {
      const value = fieldValue(field, texts[index] ?? '')
      return value === undefined ? [] : [[field.name, value]]
    }),
  )
}

/** Text shown in the place of a password. */
export const HIDDEN = '•••'

/**
 * Returns an input with all passwords in it hidden, at any depth. The schema marks the passwords.
 */
export function inputShown(inputSchema: Readonly<Record<string, Json>>, input: Json): Json {
  return replacePasswords(inputSchema, input, () => HIDDEN)
}

/**
 * Checks an input against its schema. Returns the first problem of each field, in the operator's
 * language; null for a field without a problem.
 */
export function formProblems(
  inputSchema: Readonly<Record<string, Json>>,
  fields: readonly Field[],
  input: Readonly<Record<string, Json>>,
  words: Pick<Catalogue, 'problems'>,
): readonly (string | null)[] {
  const issues = issuesOf(inputSchema, input)
  return fields.map(({ name }) => {
    const issue = issues.find(({ path }) => path[0] === name)
    if (issue === undefined) return null
    if (!Object.hasOwn(input, name)) return words.problems.required
    const within = issue.path.slice(1).join('.')
    const said = issueWords(issue, words)
    return within === '' ? said : `${within}: ${said}`
  })
}

/**
 * Checks a whole input against its schema. Returns the first problem, in the operator's language;
 * null if the input is valid.
 */
export function inputProblem(
  inputSchema: Readonly<Record<string, Json>>,
  input: Json,
  words: Pick<Catalogue, 'problems'>,
): string | null {
  const [issue] = issuesOf(inputSchema, input)
  if (issue === undefined) return null
  const missing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined
  const said = missing ? words.problems.required : issueWords(issue, words)
  return issue.path.length === 0 ? said : `${issue.path.join('.')}: ${said}`
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (within, key) => (typeof within === 'object' && within !== null ? Reflect.get(within, key) : undefined),
    value,
  )

function issuesOf(inputSchema: Readonly<Record<string, Json>>, input: Json) {
  try {
    return z.fromJSONSchema(inputSchema).safeParse(input).error?.issues ?? []
  } catch {
    // The schema cannot be used here. The catalogue checks the input when the job is queued.
    return []
  }
}
