import type { Json } from '../../lib/core/errors/errors.ts'
import type { WorkflowDescription } from '../../lib/model/job/workflow.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { fieldValue, formFields, formInput, formProblems } from './form-field.ts'
import type { Field } from './form-field.ts'
import { lineOf, textOf } from '../line.ts'
import type { Form, SchedulePurpose } from '../overlays/overlay-state.ts'
import { fitsLine, jsonInLine } from './row-field.ts'

/**
 * Prefix of the names of a workflow's input fields. The names of the schedule's own fields have no
 * dot.
 */
const OF_INPUT = 'input.'

/**
 * Name of the field for the whole input as JSON. The form has this field if the workflow does not
 * describe its input, or if the input does not match the description.
 */
const WHOLE = 'input'

type Filled = Pick<Form, 'fields' | 'lines'>
type Words = Catalogue['schedules']

/**
 * Returns the fields for a workflow's input: one for each property that the workflow describes, or
 * one field for the whole input as JSON if such fields cannot represent the input. For a new
 * schedule `input` is null, and the fields have their defaults. Empty if the workflow takes no
 * input, or if the input does not fit into one line.
 */
export function inputFields(
  workflow: WorkflowDescription | undefined,
  input: Json | null,
  words: Words,
): readonly Field[] {
  const described = formFields(workflow?.inputSchema ?? {})
  const filled = input === null ? described : filledWith(described, input)
  const nothing = described.length === 0 && workflow?.inputSchema['type'] === 'object'
  if (filled !== null && (filled.length > 0 || nothing)) return filled.map(field => ofInput(field, words))
  const json = input === null ? '{}' : JSON.stringify(input)
  return fitsLine(jsonInLine(json)) ? [wholeInput(json, words)] : []
}

const ofInput = (field: Field, { form }: Words): Field => ({
  ...field,
  name: `${OF_INPUT}${field.name}`,
  label: `${form.input.label} ${field.name}`,
})

function wholeInput(json: string, { form }: Words): Field {
  return {
    ...{ name: WHOLE, label: form.input.label, kind: 'json', required: false, secret: false, choices: [] },
    initial: json === '{}' ? '' : jsonInLine(json),
    description: form.input.about,
  }
}

/**
 * Returns the fields filled in with the values of an input; null if the fields cannot represent the
 * input exactly.
 */
function filledWith(fields: readonly Field[], input: Json): readonly Field[] | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
  const values = new Map(Object.entries(input))
  const filled = fields.map(field => {
    const value = values.get(field.name)
    const initial =
      value === undefined ? '' : typeof value === 'string' ? value : jsonInLine(JSON.stringify(value))
    return { ...field, initial }
  })
  const said = formInput(
    filled,
    filled.map(({ initial }) => initial),
  )
  const same =
    Object.keys(said).length === values.size &&
    [...values].every(([name, value]) => sameJson(said[name], value))
  return same && filled.every(({ initial }) => fitsLine(initial)) ? filled : null
}

const sameJson = (one: Json | undefined, other: Json): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/**
 * Returns the form with the input fields of the chosen workflow. A text that the person has typed
 * stays if the new workflow has a field of the same name and kind.
 */
export function workflowChosen(form: Form, purpose: SchedulePurpose, words: Words): Form {
  const { fields, lines, problems } = form
  const place = fields.findIndex(({ name }) => name === 'workflow')
  const chosen = textAt(lines, place)
  const { seen, workflows } = purpose
  const workflow = workflows.find(({ name }) => name === chosen)
  const own = fields.filter(field => !asksInput(field))
  const asked = inputFields(workflow, seen?.workflow === chosen ? seen.input : null, words)
  const kept = asked.map(field => {
    const before = fields.findIndex(({ name, kind }) => name === field.name && kind === field.kind)
    const text = textAt(lines, before)
    const typed = before !== -1 && text !== fields[before]?.initial
    const fits = field.kind !== 'choice' || field.choices.some(choice => choice.text === text)
    return lineOf(typed && fits ? text : field.initial)
  })
  return {
    ...form,
    fields: [...own, ...asked],
    lines: [...lines.filter((_, index) => !asksInputAt(fields, index)), ...kept],
    problems: [...problems.filter((_, index) => !asksInputAt(fields, index)), ...asked.map(() => null)],
  }
}

const textAt = (lines: Form['lines'], index: number): string => {
  const line = lines[index]
  return line === undefined ? '' : textOf(line)
}

const asksInput = ({ name }: Field): boolean => name === WHOLE || name.startsWith(OF_INPUT)

const asksInputAt = (fields: readonly Field[], index: number): boolean => {
  const field = fields[index]
  return field !== undefined && asksInput(field)
}

/**
 * Returns the fields for properties of the input, under the names of the properties (without the
 * prefix), with their texts.
 */
function parts({ fields, lines }: Filled): {
  readonly fields: readonly Field[]
  readonly texts: readonly string[]
} {
  const found = fields.flatMap((field, index) =>
    field.name.startsWith(OF_INPUT)
      ? [{ field: { ...field, name: field.name.slice(OF_INPUT.length) }, text: textAt(lines, index) }]
      : [],
  )
  return { fields: found.map(({ field }) => field), texts: found.map(({ text }) => text) }
}

/** Returns the input of the form; undefined if the form has no field for the input. */
export function inputSaid(form: Filled): Json | undefined {
  const whole = form.fields.findIndex(({ name }) => name === WHOLE)
  const field = form.fields[whole]
  if (field !== undefined) return fieldValue(field, textAt(form.lines, whole)) ?? {}
  const { fields, texts } = parts(form)
  return fields.length === 0 ? undefined : formInput(fields, texts)
}

/**
 * Returns the problem of each property of the input, or null, by the name of its field in the form
 * (with the prefix).
 */
export function partProblems(
  form: Filled,
  workflow: WorkflowDescription | undefined,
  words: Catalogue,
): ReadonlyMap<string, string | null> {
  const { fields, texts } = parts(form)
  if (workflow === undefined) return new Map()
  const problems = formProblems(workflow.inputSchema, fields, formInput(fields, texts), words)
  return new Map(fields.map(({ name }, index) => [`${OF_INPUT}${name}`, problems[index] ?? null]))
}
