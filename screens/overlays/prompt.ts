import { foundFrom, searched } from '../actions/logs.ts'
import { logActivity, noEffects, wordsOf } from '../binding.ts'
import { rowsFiltered } from '../queries/database-view.ts'
import { filterJobs } from '../lists/filter-jobs.ts'
import { edited, inserted, textOf } from '../line.ts'
import type { Line } from '../line.ts'
import { parsePattern } from '../queries/pattern.ts'
import type { Prompt } from './overlay-state.ts'
import type { State, Step } from '../state.ts'

/** Processes a key in the prompt: edits, confirms or closes. */
export function promptPressed(state: State, prompt: Prompt, key: string): Step {
  switch (key) {
    case 'escape':
    case 'C-c':
      return noEffects(logActivity({ ...state, prompt: null }, key, wordsOf(state).activity.kept))
    case 'enter':
      return noEffects(entered(state, prompt, key))
    case 'tab':
      return noEffects(
        'regex' in prompt ? { ...state, prompt: { ...prompt, regex: !prompt.regex, problem: null } } : state,
      )
  }
  const line = edited(prompt.line, key)
  return noEffects(line === undefined ? state : { ...state, prompt: changed(prompt, line) })
}

/**
 * Returns the prompt with a changed line. The problem is cleared, because it was about the old
 * text.
 */
const changed = (prompt: Prompt, line: Line): Prompt =>
  'regex' in prompt ? { ...prompt, line, problem: null } : { ...prompt, line }

/** Adds pasted text to the line, even if its characters are keys of the prompt. */
export function promptPasted(state: State, prompt: Prompt, text: string): Step {
  return noEffects({ ...state, prompt: changed(prompt, inserted(prompt.line, text)) })
}

/**
 * Applies the entered line. If its pattern is invalid, the prompt stays open and the previous
 * search stays in effect.
 */
function entered(state: State, prompt: Prompt, key: string): State {
  const text = textOf(prompt.line)
  const { activity, unavailable } = wordsOf(state)
  const closed = { ...state, prompt: null }
  if (prompt.type === 'jobs') return filterJobs(closed, text, key)
  if (prompt.type === 'rows') return rowsFiltered(closed, text, key)
  const { type, pane, regex } = prompt
  if (text === '') {
    const said = type === 'find' ? activity.findOff : activity.filterOff
    return logActivity(searched(closed, pane, { [type]: null }), key, said)
  }
  const parsed = parsePattern(text, regex)
  if (!parsed.ok) {
    const problem = unavailable.badPattern(parsed.problem)
    return logActivity({ ...state, prompt: { ...prompt, problem } }, key, problem, 'bad')
  }
  const next = searched(closed, pane, { [type]: parsed.pattern })
  return type === 'find'
    ? foundFrom(next, pane, key, 'here')
    : logActivity(next, key, activity.filterOn(text))
}
