import type { z } from 'zod'
import type { Json } from '../../lib/core/errors/errors.ts'
import type { ScheduleSpec } from '../../lib/model/schedule/schedule.ts'
import { ScheduleProblem, ScheduleRequest } from '../../lib/model/schedule/schedule-request.ts'
import type { WorkflowDescription } from '../../lib/model/job/workflow.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { formInput, inputProblem } from './form-field.ts'
import { textOf } from '../line.ts'
import type { Form, SchedulePurpose } from '../overlays/overlay-state.ts'
import { isScheduleField } from './schedule-fields.ts'
import { inputSaid, partProblems } from './schedule-input.ts'

type Filled = Pick<Form, 'fields' | 'lines'>

/**
 * Returns the form's values in the shape that `ScheduleRequest` parses. Values of an existing
 * schedule that have no field stay unchanged.
 */
function said({ seen }: SchedulePurpose, form: Filled): Readonly<Record<string, Json>> {
  const kept =
    seen === null
      ? {}
      : {
          ...{ name: seen.name, priority: seen.priority },
          ...(seen.workers === null ? {} : { workers: seen.workers }),
        }
  const own = ownFields(form)
  const asked = formInput(own.fields, own.lines.map(textOf))
  const before = seen !== null && seen.workflow === asked['workflow'] ? seen.input : {}
  // An empty field means "none", although the command line has other defaults.
  return { ...kept, jitter: 0, catchUp: 0, ...asked, input: inputSaid(form) ?? before }
}

function ownFields({ fields, lines }: Filled): Filled {
  const own = (index: number) => {
    const name = fields[index]?.name
    return name !== undefined && name !== 'input' && isScheduleField(name)
  }
  return {
    fields: fields.filter((_, index) => own(index)),
    lines: lines.filter((_, index) => own(index)),
  }
}

/**
 * Returns the problem of each field of a schedule's form, in the operator's language; null for a
 * field without a problem.
 */
export function scheduleProblems(
  purpose: SchedulePurpose,
  form: Filled,
  words: Catalogue,
): readonly (string | null)[] {
  const request = said(purpose, form)
  const issues = ScheduleRequest.safeParse(request).error?.issues ?? []
  const workflow = purpose.workflows.find(({ name }) => name === request['workflow'])
  const parts = partProblems(form, workflow, words)
  return form.fields.map(({ name, required }) => {
    const part = parts.get(name)
    if (part !== undefined) return part
    if (required && !Object.hasOwn(request, name)) return words.problems.required
    const issue = issues.find(({ path }) => path[0] === name)
    if (issue !== undefined) return issueSaid(name, issue, words)
    return name === 'input' ? wholeProblem(workflow, request['input'] ?? {}, words) : null
  })
}

function issueSaid(name: string, issue: z.core.$ZodIssue, { problems, schedules }: Catalogue): string {
  const known = ScheduleProblem.safeParse(issue.code === 'custom' ? issue.params : undefined)
  if (known.success) return schedules.problem[known.data.problem]
  return isScheduleField(name) ? schedules.form[name].must : problems.wrong
}

/**
 * Checks an input that was typed as one JSON value against the workflow's schema. Returns the
 * problem, in the operator's language; null if the input is valid.
 */
function wholeProblem(
  workflow: WorkflowDescription | undefined,
  input: Json,
  words: Catalogue,
): string | null {
  if (typeof input === 'string') return words.problems.kind.json
  return workflow === undefined ? null : inputProblem(workflow.inputSchema, input, words)
}

/**
 * Returns the schedule that the form describes.
 * @throws a `ZodError` if a field is invalid.
 */
export const scheduleSpec = (purpose: SchedulePurpose, form: Filled): ScheduleSpec =>
  ScheduleRequest.parse(said(purpose, form))
