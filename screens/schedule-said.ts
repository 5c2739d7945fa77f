import type { z } from 'zod'
import type { Json } from '../lib/core/errors.ts'
import type { ScheduleSpec } from '../lib/domain/schedule.ts'
import { ScheduleProblem, ScheduleRequest } from '../lib/domain/schedule-request.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import { formInput, inputProblem } from './form-field.ts'
import { textOf } from './line.ts'
import type { Form, SchedulePurpose } from './overlay-state.ts'
import { isScheduleField } from './schedule-fields.ts'

type Filled = Pick<Form, 'fields' | 'lines'>

/** What the fields say, as `ScheduleRequest` takes it; what the form does not ask for stays as it is. */
function said({ seen }: SchedulePurpose, { fields, lines }: Filled): Readonly<Record<string, Json>> {
  const kept =
    seen === null
      ? {}
      : {
          ...{ name: seen.name, priority: seen.priority, input: seen.input },
          ...(seen.workers === null ? {} : { workers: seen.workers }),
        }
  const asksInput = fields.some(({ name }) => name === 'input')
  // What is left empty is none, whatever the command line begins with.
  const none = { jitter: 0, catchUp: 0, ...(asksInput ? { input: {} } : {}) }
  return { ...kept, ...none, ...formInput(fields, lines.map(textOf)) }
}

/** What is wrong with each field of a schedule's form, in the operator's language; null where nothing is. */
export function scheduleProblems(
  purpose: SchedulePurpose,
  form: Filled,
  words: Catalogue,
): readonly (string | null)[] {
  const request = said(purpose, form)
  const issues = ScheduleRequest.safeParse(request).error?.issues ?? []
  return form.fields.map(({ name, required }) => {
    if (required && !Object.hasOwn(request, name)) return words.problems.required
    const issue = issues.find(({ path }) => path[0] === name)
    if (issue !== undefined) return issueSaid(name, issue, words)
    return name === 'input' ? inputSaid(purpose, request, words) : null
  })
}

function issueSaid(name: string, issue: z.core.$ZodIssue, { problems, schedules }: Catalogue): string {
  const known = ScheduleProblem.safeParse(issue.code === 'custom' ? issue.params : undefined)
  if (known.success) return schedules.problem[known.data.problem]
  return isScheduleField(name) ? schedules.form[name].must : problems.wrong
}

/** An input is checked by its workflow's description, as a job's is. */
function inputSaid(
  { workflows }: SchedulePurpose,
  { workflow, input = {} }: Readonly<Record<string, Json>>,
  words: Catalogue,
): string | null {
  const described = workflows.find(({ name }) => name === workflow)
  if (typeof input === 'string') return words.problems.kind.json
  return described === undefined ? null : inputProblem(described.inputSchema, input, words)
}

/** The schedule that the form asks for. Thrown by zod when a field is wrong. */
export const scheduleSpec = (purpose: SchedulePurpose, form: Filled): ScheduleSpec =>
  ScheduleRequest.parse(said(purpose, form))
