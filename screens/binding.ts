import { translatorFor } from '../lib/locales/translator.ts'
import type { Translator } from '../lib/locales/translator.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import type { Activity, Effect, State, Step, Tone } from './state.ts'
import type { OperatorCommand } from '../lib/app/port/snapshot.ts'

/** Actions of keys. The catalogue must have a label and a help text for each action. */
export type ActionId = keyof Catalogue['keys']

/** One row of the table from which dispatch, footer and help are made. */
export interface Binding {
  /** Keys of the action. Footer and help show the first key. */
  readonly keys: readonly string[]
  readonly group: keyof Catalogue['groups']
  /** Place in the footer, the smallest first; 0 leaves the action out. */
  readonly footer: number
  /** True if the key has this meaning in the state. The first binding that applies wins. */
  readonly applies: (state: State) => boolean
  /** Returns why the action is not possible now, in the operator's language. */
  readonly refusal?: (state: State, words: Catalogue) => string | null
  readonly run: (state: State, key: string) => Step
}

export const always = (): boolean => true

/** Returns the translator for the language and the time zone of the state. */
export const translatorOf = ({ language, timeZone }: State): Translator =>
  translatorFor(language, timeZone ?? undefined)

/** Returns the words of the state's language. */
export const wordsOf = (state: State): Catalogue => translatorOf(state).words

const ACTIVITY_KEPT = 50

/** Returns the state with one more line in the console's activity. */
export function logActivity(state: State, key: string, text: string, tone: Tone = 'info'): State {
  const id = (state.activity.at(-1)?.id ?? 0) + 1
  const entry: Activity = { id, at: state.now, key, text, tone }
  return { ...state, activity: [...state.activity, entry].slice(-ACTIVITY_KEPT) }
}

export const noEffects = (state: State): Step => [state, []]

/** Sends a command to the port, and adds a line about it to the console's activity. */
export function dispatchCommand(state: State, key: string, command: OperatorCommand, text: string): Step {
  const next = logActivity(state, key, text)
  const effect: Effect = { type: 'perform', command, activityId: next.activity.at(-1)?.id ?? 0 }
  return [next, [effect]]
}
