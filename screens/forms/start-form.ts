import { noEffects } from '../binding.ts'
import { formFields } from './form-field.ts'
import { formOpened } from './form.ts'
import { fuzzyScore } from '../overlays/fuzzy.ts'
import { edited, textOf } from '../line.ts'
import type { StartChoice } from '../overlays/overlay-state.ts'
import type { State, Step } from '../state.ts'

/** Returns the workflows that match the typed text, the best match first. */
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

/** Processes a key while the list of workflows is open. */
export function startChoicePressed(state: State, overlay: StartChoice, key: string): Step {
  if (key === 'escape' || key === 'C-c') return noEffects({ ...state, overlay: null })
  if (key === 'enter') return startChosen(state, overlay, overlay.choice)
  const by = STEPS.get(key)
  if (by !== undefined) {
    const last = workflowsToStart(state, overlay).length - 1
    return noEffects({
      ...state,
      overlay: { ...overlay, choice: Math.max(0, Math.min(overlay.choice + by, last)) },
    })
  }
  const line = edited(overlay.line, key)
  return noEffects(line === undefined ? state : { ...state, overlay: { ...overlay, line, choice: 0 } })
}

/** Opens the form of the workflow at an index of the list. */
export function startChosen(state: State, overlay: StartChoice, place: number): Step {
  const workflow = workflowsToStart(state, overlay)[place]
  if (workflow === undefined) return noEffects(state)
  const { name, inputSchema } = workflow
  return noEffects(formOpened(state, { type: 'start', workflow: name, inputSchema }, formFields(inputSchema)))
}
