import { relative } from 'node:path'
import { z } from 'zod'
import { readTextFile } from '../../core/disk/text-file.ts'
import { AutomateError, errorFromRecord, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import { defaultsOf } from '../../model/job/input-defaults.ts'
import { describeIssues } from '../../model/issues.ts'
import { JsonValue, jsonFault } from '../../model/json.ts'
import { brokenWords } from '../../model/job/workflow.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import { describeProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'

/**
 * Finds a workflow of the project by name.
 * @throws `workflow-missing` if there is no workflow of that name. The message lists the existing
 * ones.
 * @throws `workflow-invalid` if its module cannot be used.
 * @throws `environment-unfit` if the process that reads a module was killed, because the workflow
 * may be in that module.
 */
export async function findWorkflow(project: Project, name: string): Promise<WorkflowDescription> {
  const { workflows, broken } = await describeProject(project, { wanted: name })
  const found = workflows.find(workflow => workflow.name === name)
  if (found !== undefined) return found
  const { root } = project.paths
  const unread = broken.find(({ error }) => error.code === 'environment-unfit')
  if (unread !== undefined) throw errorFromRecord(unread.error)
  const problems = broken.map(
    ({ file, error }) => `\n${brokenWords(file, error.message, relative(root, file))}`,
  )
  const names = workflows.map(workflow => workflow.name).join(', ')
  throw new AutomateError(
    'workflow-missing',
    `There is no workflow "${name}". The workflows are: ${names === '' ? 'none' : names}.${problems.join('')}`,
  )
}

/**
 * Builds a job's input from the flags `--input key=value` and `--input-file`, and checks it against
 * the workflow's description. A missing field gets the default of the schema, as in the form of the
 * console. A value that is JSON is parsed (`3`, `true`, `["a"]`), and any other value is text. JSON
 * also remains text if the field accepts only text, such as an order number.
 * @throws `input-invalid` if the input does not match, also because of a field that the workflow
 * does not accept.
 * @throws `usage` if a flag has the wrong form.
 */
export function jobInput(
  workflow: WorkflowDescription,
  pairs: readonly string[],
  file: string | undefined,
): Json {
  const base = { ...defaultsOf(workflow.inputSchema), ...(file === undefined ? {} : readInputFile(file)) }
  const input = withPairs(workflow, base, pairs.map(splitPair))
  requireFlat(input, 'The input')
  requireInput(workflow, input, ' Set it with --input key=value.')
  return input
}

/**
 * Checks an input against the workflow's description. `remedy` follows the problem in the error.
 * @throws `input-invalid`, also for fields that the workflow does not take.
 */
export function requireInput(workflow: WorkflowDescription, input: Json, remedy = ''): void {
  const fields = Fields.safeParse(input)
  const unknown = fields.success ? unknownKeys(workflow, fields.data) : null
  if (unknown !== null) throw new AutomateError('input-invalid', unknown)
  const problem = inputProblem(workflow, input)
  if (problem !== null) throw new AutomateError('input-invalid', `${problem}${remedy}`)
}

/** Returns the reason why an input does not match a workflow's description; null if it matches. */
export function inputProblem(workflow: WorkflowDescription, input: Json): string | null {
  const parsed = z.fromJSONSchema(workflow.inputSchema).safeParse(input)
  if (parsed.success) return null
  return `The input is not valid for workflow "${workflow.name}": ${describeIssues(parsed.error)}.`
}

const Fields = z.record(z.string(), JsonValue)

const ObjectSchema = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).default({}),
  /**
   * Absent, or `false`, if other properties are ignored. A schema with any other value accepts
   * them, and is not matched here.
   */
  additionalProperties: z.literal(false).optional(),
})

/**
 * Returns a message about fields that the workflow would silently ignore, because they are often
 * misspelt. Returns null if there are none, or if this cannot be determined.
 */
function unknownKeys(workflow: WorkflowDescription, input: Readonly<Record<string, Json>>): string | null {
  const { known, unknown } = splitFields(workflow.inputSchema, input)
  if (unknown.length === 0) return null
  const named = unknown.map(key => `"${key}"`).join(', ')
  const takes = known.length === 0 ? 'It has no inputs' : `Its inputs are ${known.join(', ')}`
  return `Workflow "${workflow.name}" has no input ${named}. ${takes}.`
}

/**
 * Returns the fields of a schema, and the fields of a value that the schema would silently ignore.
 * None of the latter if that cannot be determined.
 */
export function splitFields(
  schema: Readonly<Record<string, Json>>,
  value: Readonly<Record<string, Json>>,
): { readonly known: readonly string[]; readonly unknown: readonly string[] } {
  const parsed = ObjectSchema.safeParse(schema)
  if (!parsed.success) return { known: [], unknown: [] }
  const known = Object.keys(parsed.data.properties)
  return { known, unknown: Object.keys(value).filter(key => !known.includes(key)) }
}

interface Pair {
  readonly key: string
  readonly text: string
  /** The parsed value if the text is JSON, otherwise the text. */
  readonly value: Json
}

function splitPair(pair: string): Pair {
  const at = pair.indexOf('=')
  if (at <= 0) throw new AutomateError('usage', `--input must have the form key=value, got "${pair}".`)
  const [key, text] = [pair.slice(0, at), pair.slice(at + 1)]
  return { key, text, value: asJson(text, `--input ${key}`) }
}

/** Codes of the problems that mean that a value has none of the types that its field accepts. */
const OTHER_TYPE: ReadonlySet<z.core.$ZodIssue['code']> = new Set([
  'invalid_type',
  'invalid_union',
  'invalid_value',
  'unrecognized_keys',
])

/**
 * Adds `key=value` pairs to an input. A value remains text if its field accepts text but not the
 * JSON value. A number also remains text if JSON would write it differently, because a long number
 * would lose its last digits.
 */
function withPairs(
  { inputSchema }: WorkflowDescription,
  base: Readonly<Record<string, Json>>,
  pairs: readonly Pair[],
): Record<string, Json> {
  const schema = z.fromJSONSchema(inputSchema)
  const input = { ...base, ...Object.fromEntries(pairs.map(({ key, value }) => [key, value])) }
  const problemsOf = (key: string, value: Json) =>
    (schema.safeParse({ ...input, [key]: value }).error?.issues ?? []).filter(({ path }) => path[0] === key)
  for (const { key, text, value } of pairs) {
    const isWhole = typeof value !== 'number' || String(value) === text
    if (value === text || (isWhole && problemsOf(key, value).length === 0)) continue
    // A text of the wrong length or format remains text, so that this problem is reported and not
    // its type.
    if (problemsOf(key, text).every(({ code }) => !OTHER_TYPE.has(code))) input[key] = text
  }
  return input
}

/**
 * Parses JSON, and returns everything else as text. `what` names the value in the error.
 * @throws `input-invalid` for JSON that is nested too deep.
 */
export function asJson(text: string, what = 'A value'): Json {
  try {
    return JsonValue.parse(requireFlat(JSON.parse(text), what))
  } catch (error) {
    if (isAutomateError(error)) throw error
    return text
  }
}

function requireFlat(value: unknown, what: string): unknown {
  const fault = jsonFault(value)
  if (fault !== undefined) throw new AutomateError('input-invalid', `${what} ${fault}.`)
  return value
}

function readInputFile(file: string): Record<string, Json> {
  try {
    const value = requireFlat(JSON.parse(readTextFile(file)), `--input-file ${file}`)
    return Fields.parse(value)
  } catch (error) {
    if (isAutomateError(error)) throw error
    throw new AutomateError(
      'usage',
      `--input-file ${file} does not contain a JSON object: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
}
