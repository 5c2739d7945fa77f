import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import { describeIssues } from '../../model/issues.ts'
import { JsonValue } from '../../model/json.ts'
import { fieldNames } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import { asJson, splitFields } from './job-input.ts'

const Properties = z.object({ properties: z.record(z.string(), z.unknown()) })
const Text = z.looseObject({ type: z.literal('string') })

/** Problem of an answer with a name that the worker would silently ignore, often a misspelt one. */
const UNASKED = 'it has a name that the workflow does not ask for'

/**
 * Returns the values that a person gave as `name=value` lines or as one JSON object, checked
 * against the requested fields. A value is text if its field is a text, otherwise JSON. The errors
 * repeat neither values nor unknown names, because a line may be a password that contains "=".
 * @throws `usage` if no fields are requested.
 * @throws `input-invalid` if the values do not fit, or if a name is not requested.
 */
export function personAnswer(waiting: WorkerWait, text: string, workerId: string): Record<string, Json> {
  if (waiting.fields === undefined) {
    throw new AutomateError(
      'usage',
      `Worker ${workerId} needs no answer. Resume it with "automate-tui takeover resume ${workerId}".`,
    )
  }
  const parsedAnswer = parse(waiting, text)
  const problem = answerProblem(waiting.fields, parsedAnswer)
  if (problem === null) return parsedAnswer
  throw new AutomateError(
    'input-invalid',
    `The answer is not valid: ${problem}. Send it on stdin, one name=value per line (${fieldNames(waiting).join(', ')}), or as a JSON object.`,
  )
}

function answerProblem(
  fields: Readonly<Record<string, Json>>,
  answer: Readonly<Record<string, Json>>,
): string | null {
  if (splitFields(fields, answer).unknown.length > 0) return UNASKED
  const { error } = z.fromJSONSchema(fields).safeParse(answer)
  return error === undefined ? null : describeIssues(error)
}

function parse(waiting: WorkerWait, text: string): Record<string, Json> {
  if (text.trimStart().startsWith('{')) {
    const object = z.record(z.string(), JsonValue).safeParse(asJson(text))
    if (object.success) return object.data
    throw new AutomateError(
      'input-invalid',
      'The answer on stdin begins like a JSON object, but is not valid JSON.',
    )
  }
  const lines = text.split(/\r?\n/).filter(line => line !== '')
  return Object.fromEntries(
    lines.map((line, index) => {
      const at = line.indexOf('=')
      if (at <= 0) {
        throw new AutomateError(
          'input-invalid',
          `Line ${index + 1} of the answer on stdin is not name=value.`,
        )
      }
      const [name, value] = [line.slice(0, at), line.slice(at + 1)]
      return [name, wantsText(waiting, name) ? value : asJson(value)]
    }),
  )
}

function wantsText({ fields }: WorkerWait, name: string): boolean {
  return Text.safeParse(Properties.safeParse(fields).data?.properties[name]).success
}
