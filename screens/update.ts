import { opened } from './actions/screens.ts'
import { moved } from './actions/move.ts'
import { noted, only, wordsOf } from './binding.ts'
import { keyName } from './key-name.ts'
import { BINDINGS, actionFor, refusalOf } from './keymap.ts'
import { answerPressed, answered } from './questions.ts'
import { sampled } from './samples.ts'
import { reselected } from './selection.ts'
import type { Snapshot } from './snapshot.ts'
import type { Message, State, Step, Target } from './state.ts'

/** What follows from a message: the next state, and what is to be done. Pure. */
export function update(before: State, message: Message): Step {
  const state = before.now === message.at ? before : { ...before, now: message.at }
  switch (message.type) {
    case 'tick':
      return only(state)
    case 'resize':
      return only({ ...state, size: message.size })
    case 'snapshot':
      return only(withSnapshot(state, message.snapshot))
    case 'key':
      return pressed(state, message.key)
    case 'paste':
      return only(noted(state, '', wordsOf(state).refused.paste, 'bad'))
    case 'press':
      return clicked(state, message.target)
    case 'wheel':
      return only(wheeled(state, message.target, message.lines))
    case 'performed': {
      const { did } = wordsOf(state)
      const { result } = message
      const text = result.ok ? did.done : did.failed(result.message)
      return only(concluded(state, message.activityId, text, result.ok ? 'good' : 'bad'))
    }
    case 'quit-refused': {
      if (state.quitting !== message.mode) return only(state)
      const text = wordsOf(state).did.failed(message.message)
      return only({ ...noted(state, 'q', text, 'bad'), quitting: null })
    }
  }
}

function withSnapshot(state: State, snapshot: Snapshot): State {
  const selected = reselected(state, snapshot)
  const { opened: known } = state
  const opened = snapshot.workers.find(({ workerId }) => workerId === known?.workerId) ?? known
  return { ...state, snapshot, selected, opened, samples: sampled(state.samples, snapshot) }
}

function pressed(state: State, key: string): Step {
  if (state.dialog !== null) return answered(state, state.dialog, key)
  const id = actionFor(state, key)
  const words = wordsOf(state)
  if (id === undefined) {
    return only(noted(state, '', words.refused.unknownKey(keyName(key, words)), 'bad'))
  }
  const refusal = refusalOf(state, id)
  return refusal === null ? BINDINGS[id].run(state, key) : only(noted(state, key, refusal, 'bad'))
}

function clicked(state: State, target: Target): Step {
  switch (target.type) {
    case 'option':
      return state.dialog === null ? only(state) : answerPressed(state, state.dialog, target.index, 'm')
    case 'key':
      return pressed(state, target.key)
    case 'pane':
      return state.dialog === null ? only(focusedOn(state, target)) : only(state)
    case 'row': {
      if (state.dialog !== null) return only(state)
      const again = state.selected[target.pane] === target.id && state.focus[state.screen] === target.pane
      const next = { ...focusedOn(state, target), selected: { ...state.selected, [target.pane]: target.id } }
      return only(again ? opened(next, 'enter') : next)
    }
  }
}

function focusedOn(state: State, { pane }: Extract<Target, { type: 'pane' | 'row' }>): State {
  return { ...state, focus: { ...state.focus, [state.screen]: pane } }
}

function wheeled(state: State, target: Target | null, lines: number): State {
  if (state.dialog !== null) return state
  if (state.help.open)
    return { ...state, help: { open: true, offset: Math.max(0, state.help.offset + lines) } }
  return target?.type === 'row' || target?.type === 'pane' ? moved(state, target.pane, lines) : state
}

/** The end of what a key began, told in the same line. */
function concluded(state: State, id: number, text: string, tone: 'good' | 'bad'): State {
  return {
    ...state,
    activity: state.activity.map(entry =>
      entry.id === id ? { ...entry, text: `${entry.text} → ${text}`, tone, at: state.now } : entry,
    ),
  }
}
