import { durationText } from '../../lib/core/time/duration.ts'
import { showHours } from '../../lib/model/schedule/time-window.ts'
import { OVERLAPS } from '../../lib/model/schedule/schedule.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import type { WorkflowDescription } from '../../lib/model/job/workflow.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { wordsOf } from '../binding.ts'
import type { Field } from './form-field.ts'
import { formOpened } from './form.ts'
import { SCHEDULE_FIELDS } from './schedule-fields.ts'
import type { ScheduleField } from './schedule-fields.ts'
import { inputFields } from './schedule-input.ts'
import type { State } from '../state.ts'

/** Fields of the schedule itself. The input of its jobs comes after them. */
const OWN = SCHEDULE_FIELDS.filter(field => field !== 'input')

type OwnField = Exclude<ScheduleField, 'input'>
type Texts = Readonly<Record<OwnField, string>>

/** Initial texts of a new schedule, equal to the defaults of the command line. */
const NEW: Texts = {
  ...{ name: '', workflow: '', cron: '', every: '', timeZone: '', activeHours: '', jitter: '' },
  ...{ catchUp: '1h', overlap: 'skip' },
}

/** Opens the form for a new schedule. */
export function newScheduleForm(state: State): State {
  const workflows = workflowsOf(state)
  const [first] = workflows
  const words = wordsOf(state)
  return formOpened(state, { type: 'schedule', seen: null, workflows }, [
    ...fieldsOf({ ...NEW, workflow: first?.name ?? '' }, OWN, workflows, words),
    ...inputFields(first, null, words.schedules),
  ])
}

/**
 * Opens the form for an existing schedule. An input that does not fit into one line has no field,
 * and does not change.
 */
export function scheduleForm(state: State, schedule: Schedule): State {
  const workflows = workflowsOf(state)
  const words = wordsOf(state)
  const workflow = workflows.find(({ name }) => name === schedule.workflow)
  return formOpened(state, { type: 'schedule', seen: schedule, workflows }, [
    ...fieldsOf(
      textsOf(schedule),
      OWN.filter(field => field !== 'name'),
      workflows,
      words,
    ),
    ...inputFields(workflow, schedule.input, words.schedules),
  ])
}

const workflowsOf = ({ snapshot }: State): readonly WorkflowDescription[] =>
  snapshot?.scheduler?.workflows ?? []

function textsOf(schedule: Schedule): Texts {
  const { name, workflow, timing, timeZone, activeHours, jitterMs, catchUpMs, overlap } = schedule
  const span = (ms: number) => (ms === 0 ? '' : durationText(ms))
  return {
    ...{ name, workflow, overlap, timeZone: timeZone ?? '' },
    cron: timing.kind === 'cron' ? timing.expression : '',
    every: timing.kind === 'every' ? durationText(timing.ms) : '',
    activeHours: activeHours === null ? '' : showHours(activeHours),
    jitter: span(jitterMs),
    catchUp: span(catchUpMs),
  }
}

function fieldsOf(
  texts: Texts,
  asked: readonly OwnField[],
  workflows: readonly WorkflowDescription[],
  { schedules: { form, overlap } }: Catalogue,
): readonly Field[] {
  const names = new Set([...workflows.map(({ name }) => name), texts.workflow])
  const choices: Partial<Record<OwnField, Field['choices']>> = {
    workflow: [...names].map(name => ({ text: name, value: name })),
    overlap: OVERLAPS.map(rule => ({ text: overlap[rule], value: rule })),
  }
  return asked.map(name => {
    const list = choices[name] ?? []
    return {
      name,
      label: form[name].label,
      kind: list.length > 0 ? 'choice' : 'text',
      required: name === 'name' || list.length > 0,
      secret: false,
      choices: list,
      initial: list.find(({ value }) => value === texts[name])?.text ?? texts[name],
      description: form[name].about,
    }
  })
}
