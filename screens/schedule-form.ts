import { durationText } from '../lib/core/duration.ts'
import { showHours } from '../lib/domain/hours-of-day.ts'
import { OVERLAPS } from '../lib/domain/schedule.ts'
import type { Schedule } from '../lib/domain/schedule.ts'
import type { WorkflowDescription } from '../lib/domain/workflow.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import { wordsOf } from './binding.ts'
import type { Field } from './form-field.ts'
import { formOpened } from './form.ts'
import { fitsLine, jsonInLine } from './row-field.ts'
import { SCHEDULE_FIELDS } from './schedule-fields.ts'
import type { ScheduleField } from './schedule-fields.ts'
import type { State } from './state.ts'

type Texts = Readonly<Record<ScheduleField, string>>

/** As the command line begins, too. */
const NEW: Texts = {
  ...{ name: '', workflow: '', cron: '', every: '', timeZone: '', activeHours: '', jitter: '' },
  ...{ catchUp: '1h', overlap: 'skip', input: '' },
}

/** Opens the form of a new schedule. */
export function newScheduleForm(state: State): State {
  const workflows = workflowsOf(state)
  return formOpened(
    state,
    { type: 'schedule', seen: null, workflows },
    fieldsOf({ ...NEW, workflow: workflows[0]?.name ?? '' }, SCHEDULE_FIELDS, workflows, wordsOf(state)),
  )
}

/** Opens the form of a schedule that is there. An input that no line can hold stays as it is. */
export function scheduleForm(state: State, schedule: Schedule): State {
  const workflows = workflowsOf(state)
  const texts = textsOf(schedule)
  const asked = SCHEDULE_FIELDS.filter(
    field => field !== 'name' && (field !== 'input' || fitsLine(texts.input)),
  )
  const fields = fieldsOf(texts, asked, workflows, wordsOf(state))
  return formOpened(state, { type: 'schedule', seen: schedule, workflows }, fields)
}

const workflowsOf = ({ snapshot }: State): readonly WorkflowDescription[] =>
  snapshot?.scheduler?.workflows ?? []

function textsOf(schedule: Schedule): Texts {
  const { name, workflow, timing, timeZone, activeHours, jitterMs, catchUpMs, overlap, input } = schedule
  const json = JSON.stringify(input)
  const span = (ms: number) => (ms === 0 ? '' : durationText(ms))
  return {
    ...{ name, workflow, overlap, timeZone: timeZone ?? '' },
    cron: timing.kind === 'cron' ? timing.expression : '',
    every: timing.kind === 'every' ? durationText(timing.ms) : '',
    activeHours: activeHours === null ? '' : showHours(activeHours),
    jitter: span(jitterMs),
    catchUp: span(catchUpMs),
    input: json === '{}' ? '' : jsonInLine(json),
  }
}

function fieldsOf(
  texts: Texts,
  asked: readonly ScheduleField[],
  workflows: readonly WorkflowDescription[],
  { schedules: { form, overlap } }: Catalogue,
): readonly Field[] {
  const names = new Set([...workflows.map(({ name }) => name), texts.workflow])
  const choices: Partial<Record<ScheduleField, Field['choices']>> = {
    workflow: [...names].map(name => ({ text: name, value: name })),
    overlap: OVERLAPS.map(rule => ({ text: overlap[rule], value: rule })),
  }
  return asked.map(name => {
    const list = choices[name] ?? []
    return {
      name,
      label: form[name].label,
      kind: list.length > 0 ? 'choice' : name === 'input' ? 'json' : 'text',
      required: name === 'name' || list.length > 0,
      secret: false,
      choices: list,
      initial: list.find(({ value }) => value === texts[name])?.text ?? texts[name],
      description: form[name].about,
    }
  })
}
