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
 * Finds a workflow of the project by name. Thrown with code `workflow-missing`, naming those there are, `workflow-invalid`, or `environment-unfit` when the
 * process that reads a module was killed: the workflow may stand in that.
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
    `There is no workflow "${name}". There are: ${names === '' ? 'none' : names}.${problems.join('')}`,
  )
}

/**
 * Builds a job's input from `--input key=value` flags and `--input-file`, and checks it against the workflow's description.
 * A field that is not given has the default of the schema, as in the form of the console. A value that is JSON is taken as such
 * (`3`, `true`, `["a"]`), everything else as text, and so is JSON where the field takes the text alone (an order number).
 * @throws `input-invalid`, also for what the workflow does not take, or `usage`.
 */
export function jobInput(
  workflow: WorkflowDescription,
  pairs: readonly string[],
  file: string | undefined,
): Json {
  const base = { ...defaultsOf(workflow.inputSchema), ...(file === undefined ? {} : readInputFile(file)) }
  const input = withPairs(workflow, base, pairs.map(splitPair))
  requireFlat(input, 'The input')
  const unknown = unknownKeys(workflow, input)
  if (unknown !== null) throw new AutomateError('input-invalid', unknown)
  const problem = inputProblem(workflow, input)
  if (problem === null) return input
  throw new AutomateError('input-invalid', `${problem} Give it with --input key=value.`)
}

/** What is wrong with an input by a workflow's description; null when it fits. */
export function inputProblem(workflow: WorkflowDescription, input: Json): string | null {
  const parsed = z.fromJSONSchema(workflow.inputSchema).safeParse(input)
  if (parsed.success) return null
  return `The input does not fit workflow "${workflow.name}": ${describeIssues(parsed.error)}.`
}

const ObjectSchema = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).default({}),
  /** Where more than the properties is taken; `false`, or nothing, where the rest is left out. */
  additionalProperties: z.literal(false).optional(),
})

/** What a workflow would leave out without a word: mistyped, as often as not. Null where all is taken, or it cannot be told. */
function unknownKeys(workflow: WorkflowDescription, input: Readonly<Record<string, Json>>): string | null {
  const schema = ObjectSchema.safeParse(workflow.inputSchema)
  if (!schema.success) return null
  const known = Object.keys(schema.data.properties)
  const unknown = Object.keys(input).filter(key => !known.includes(key))
  if (unknown.length === 0) return null
  const named = unknown.map(key => `"${key}"`).join(', ')
  const takes = known.length === 0 ? 'It takes no input' : `It takes: ${known.join(', ')}`
  return `Workflow "${workflow.name}" has no input ${named}. ${takes}.`
}

interface Pair {
  readonly key: string
  readonly text: string
  /** The text as JSON if it is some, otherwise itself. */
  readonly value: Json
}

function splitPair(pair: string): Pair {
  const at = pair.indexOf('=')
  if (at <= 0) throw new AutomateError('usage', `--input takes key=value, got "${pair}".`)
  const [key, text] = [pair.slice(0, at), pair.slice(at + 1)]
  return { key, text, value: asJson(text, `--input ${key}`) }
}

/** Problems of a value that has none of the types of its field. */
const OTHER_TYPE: ReadonlySet<z.core.$ZodIssue['code']> = new Set([
  'invalid_type',
  'invalid_union',
  'invalid_value',
  'unrecognized_keys',
])

/**
 * Adds pairs to an input. A pair is a text where its field takes that and not the JSON, and where the
 * JSON is a number that does not read as it was written: a long one would lose its last digits.
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
    // A text of the wrong length or form is a text all the same: its own problem is reported.
    if (problemsOf(key, text).every(({ code }) => !OTHER_TYPE.has(code))) input[key] = text
  }
  return input
}

/**
 * JSON as what it says, everything else as text; `what` names it in the error.
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
    return z.record(z.string(), JsonValue).parse(value)
  } catch (error) {
    if (isAutomateError(error)) throw error
    throw new AutomateError(
      'usage',
      `--input-file ${file} does not hold a JSON object: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
}
