import type { Catalogue } from '../../lib/locales/en.ts'
import { dispatchCommand, noEffects, wordsOf } from '../binding.ts'
import type { Field } from './form-field.ts'
import { formCommand, formSaid, problemsOf } from './form-purpose.ts'
import { edited, inserted, lineOf, textOf } from '../line.ts'
import type { Line } from '../line.ts'
import { workflowChosen } from './schedule-input.ts'
import type { CommandResult } from '../../lib/app/port/snapshot.ts'
import type { Form, FormPurpose } from '../overlays/overlay-state.ts'
import type { State, Step } from '../state.ts'

/** Returns the state with a form over all screens. */
export function formOpened(state: State, purpose: FormPurpose, fields: readonly Field[]): State {
  const form: Form = {
    ...{ type: 'form', purpose, fields, lines: fields.map(({ initial }) => lineOf(initial)), focus: 0 },
    ...{ problems: fields.map(() => null), asked: null, answer: null, over: false },
  }
  return { ...state, overlay: form }
}

const STEPS = new Map([
  ['down', 1],
  ['tab', 1],
  ['up', -1],
  ['S-tab', -1],
])

/** Processes a key in a form. A form that was submitted ignores keys until its reply. */
export function formPressed(state: State, form: Form, key: string): Step {
  if (key === 'escape' || key === 'C-c') return noEffects({ ...state, overlay: null })
  if (form.asked !== null || form.over) return noEffects(state)
  if (key === 'enter') return formEntered(state, form, key)
  const by = STEPS.get(key)
  const count = Math.max(1, form.fields.length)
  if (by !== undefined)
    return noEffects({ ...state, overlay: { ...form, focus: (form.focus + by + count) % count } })
  const line = form.lines[form.focus]
  const field = form.fields[form.focus]
  if (line === undefined || field === undefined) return noEffects(state)
  const next = field.kind === 'choice' ? chosen(form, key) : edited(line, key)
  return noEffects(next === undefined ? state : { ...state, overlay: withLine(state, form, next) })
}

/** Pastes text into the focused field. A field with choices ignores the text. */
export function formPasted(state: State, form: Form, text: string): Step {
  const line = form.lines[form.focus]
  const typed = form.fields[form.focus]?.kind !== 'choice' && form.asked === null && !form.over
  return noEffects(
    line === undefined || !typed ? state : { ...state, overlay: withLine(state, form, inserted(line, text)) },
  )
}

const TURNS = new Map([
  ['right', 1],
  ['space', 1],
  ['left', -1],
])

/**
 * Returns the next or previous choice of the focused field. An optional field has an empty choice,
 * too.
 */
function chosen({ fields, lines, focus }: Form, key: string): Line | undefined {
  const field = fields[focus]
  const by = TURNS.get(key)
  const line = lines[focus]
  if (field === undefined || line === undefined || by === undefined) return undefined
  const texts = [...(field.required ? [] : ['']), ...field.choices.map(({ text }) => text)]
  const place = texts.indexOf(textOf(line))
  const next = place === -1 ? 0 : (place + by + texts.length) % texts.length
  return lineOf(texts[next] ?? '')
}

/** Returns the form with a new line in the focused field, and checks that field. */
function withLine(state: State, form: Form, line: Line): Form {
  const lines = form.lines.map((each, index) => (index === form.focus ? line : each))
  const words = wordsOf(state)
  const next = followed({ ...form, lines }, words)
  const found = problemsOf(next, words)
  const problems = next.problems.map((each, index) => (index === form.focus ? (found[index] ?? null) : each))
  return { ...next, problems, answer: null }
}

/**
 * Returns the form after a change to the focused field. In the form of a schedule, a change of the
 * workflow replaces the fields of the input.
 */
function followed(form: Form, { schedules }: Catalogue): Form {
  const { purpose, fields, focus } = form
  const chooses = purpose.type === 'schedule' && fields[focus]?.name === 'workflow'
  return chooses ? workflowChosen(form, purpose, schedules) : form
}

/** Submits the form, or moves to the first field with a problem. */
function formEntered(state: State, form: Form, key: string): Step {
  const words = wordsOf(state)
  const problems = problemsOf(form, words)
  const wrong = problems.findIndex(problem => problem !== null)
  if (wrong !== -1) return noEffects({ ...state, overlay: { ...form, problems, focus: wrong } })
  const command = formCommand(form)
  if (command === null)
    return noEffects({ ...state, overlay: { ...form, problems, answer: words.unavailable.nothingChanged } })
  const [next, effects] = dispatchCommand(state, key, command, formSaid(form, words))
  const asked = next.activity.at(-1)?.id ?? null
  return [{ ...next, overlay: { ...form, problems, asked, answer: null } }, effects]
}

/**
 * Processes the reply to a submitted form: closes the form, or shows why the command was refused
 * and lets the person change the form.
 */
export function formAnswered(state: State, activityId: number | null, result: CommandResult): State {
  const { overlay } = state
  if (overlay?.type !== 'form' || overlay.asked === null || overlay.asked !== activityId) return state
  if (result.ok) return { ...state, overlay: null }
  return { ...state, overlay: { ...overlay, asked: null, answer: result.message } }
}
