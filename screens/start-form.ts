import { commanded, only, wordsOf } from './binding.ts'
import { formFields, formInput, formProblems } from './form-field.ts'
import { fuzzyScore } from './fuzzy.ts'
import { edited, inserted, lineOf, textOf } from './line.ts'
import type { Line } from './line.ts'
import type { CommandResult } from './snapshot.ts'
import type { State, StartChoice, StartForm, Step } from './state.ts'

/** The workflows that fit what is typed, the best first. */
export function workflowsToStart({ snapshot }: State, { line }: StartChoice) {
  const typed = textOf(line)
  return (snapshot?.scheduler?.workflows ?? [])
    .flatMap(workflow => {
      const score = fuzzyScore(workflow.name, typed)
      return score === null ? [] : [{ workflow, score }]
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ workflow }) => workflow)
}

const STEPS = new Map([
  ['down', 1],
  ['tab', 1],
  ['up', -1],
  ['S-tab', -1],
])

/** A key while a workflow is chosen. */
export function startChoicePressed(state: State, overlay: StartChoice, key: string): Step {
  if (key === 'escape' || key === 'C-c') return only({ ...state, overlay: null })
  if (key === 'enter') return startChosen(state, overlay, overlay.choice)
  const by = STEPS.get(key)
  if (by !== undefined) {
    const last = workflowsToStart(state, overlay).length - 1
    return only({
      ...state,
      overlay: { ...overlay, choice: Math.max(0, Math.min(overlay.choice + by, last)) },
    })
  }
  const line = edited(overlay.line, key)
  return only(line === undefined ? state : { ...state, overlay: { ...overlay, line, choice: 0 } })
}

/** Opens the form of the workflow at a place of the list. */
export function startChosen(state: State, overlay: StartChoice, place: number): Step {
  const workflow = workflowsToStart(state, overlay)[place]
  if (workflow === undefined) return only(state)
  const { name, inputSchema } = workflow
  const fields = formFields(inputSchema)
  const lines = fields.map(({ initial }) => lineOf(initial))
  const form: StartForm = {
    ...{ type: 'form', workflow: name, inputSchema, fields, lines, focus: 0 },
    ...{ problems: fields.map(() => null), asked: null, answer: null },
  }
  return only({ ...state, overlay: form })
}

/** A key while a form is filled in. While its job is asked for it waits for the answer. */
export function formPressed(state: State, form: StartForm, key: string): Step {
  if (key === 'escape' || key === 'C-c') return only({ ...state, overlay: null })
  if (form.asked !== null) return only(state)
  if (key === 'enter') return formEntered(state, form, key)
  const by = STEPS.get(key)
  const count = Math.max(1, form.fields.length)
  if (by !== undefined)
    return only({ ...state, overlay: { ...form, focus: (form.focus + by + count) % count } })
  const line = form.lines[form.focus]
  const field = form.fields[form.focus]
  if (line === undefined || field === undefined) return only(state)
  const next = field.kind === 'choice' ? chosen(form, key) : edited(line, key)
  return only(next === undefined ? state : { ...state, overlay: withLine(form, next) })
}

/** Text that is pasted into the field under the cursor; a choice takes none. */
export function formPasted(state: State, form: StartForm, text: string): Step {
  const line = form.lines[form.focus]
  const typed = form.fields[form.focus]?.kind !== 'choice' && form.asked === null
  return only(
    line === undefined || !typed ? state : { ...state, overlay: withLine(form, inserted(line, text)) },
  )
}

const TURNS = new Map([
  ['right', 1],
  ['space', 1],
  ['left', -1],
])

/** The next choice of a field; one that may be left out has an empty one, too. */
function chosen({ fields, lines, focus }: StartForm, key: string): Line | undefined {
  const field = fields[focus]
  const by = TURNS.get(key)
  const line = lines[focus]
  if (field === undefined || line === undefined || by === undefined) return undefined
  const texts = [...(field.required ? [] : ['']), ...field.choices.map(({ text }) => text)]
  const place = texts.indexOf(textOf(line))
  const next = place === -1 ? 0 : (place + by + texts.length) % texts.length
  return lineOf(texts[next] ?? '')
}

/** The form with one field changed, and that field checked. */
function withLine(form: StartForm, line: Line): StartForm {
  const lines = form.lines.map((each, index) => (index === form.focus ? line : each))
  const found = problemsOf({ ...form, lines })
  const problems = form.problems.map((each, index) => (index === form.focus ? (found[index] ?? null) : each))
  return { ...form, lines, problems, answer: null }
}

const inputOf = ({ fields, lines }: StartForm) => formInput(fields, lines.map(textOf))

const problemsOf = (form: StartForm) => formProblems(form.inputSchema, form.fields, inputOf(form))

/** Asks for the job, or goes to the first field that is wrong. */
function formEntered(state: State, form: StartForm, key: string): Step {
  const problems = problemsOf(form)
  const wrong = problems.findIndex(problem => problem !== null)
  if (wrong !== -1) return only({ ...state, overlay: { ...form, problems, focus: wrong } })
  const command = { type: 'job.start', workflow: form.workflow, input: inputOf(form) } as const
  const [next, effects] = commanded(state, key, command, wordsOf(state).did.jobStart(form.workflow))
  const asked = next.activity.at(-1)?.id ?? null
  return [{ ...next, overlay: { ...form, problems, asked, answer: null } }, effects]
}

/** The answer to a form that waits for one: it closes, or says why not and can be changed. */
export function formAnswered(state: State, activityId: number | null, result: CommandResult): State {
  const { overlay } = state
  if (overlay?.type !== 'form' || overlay.asked === null || overlay.asked !== activityId) return state
  if (result.ok) return { ...state, overlay: null }
  return { ...state, overlay: { ...overlay, asked: null, answer: result.message } }
}
