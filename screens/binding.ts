import { translatorFor } from '../lib/locales/translator.ts'
import type { Translator } from '../lib/locales/translator.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import type { Activity, Effect, State, Step, Tone } from './state.ts'
import type { OperatorCommand } from '../lib/app/port/snapshot.ts'

/** Every key does one of these; the catalogue must have a label and a help text for each. */
export type ActionId = keyof Catalogue['keys']

/** One row of the table that feeds dispatch, footer and help. */
export interface Binding {
  /** The first one is the one shown. */
  readonly keys: readonly string[]
  readonly group: keyof Catalogue['groups']
  /** Place in the footer, the smallest first; 0 keeps it out. */
  readonly footer: number
  /** Tells whether the key means this here; the first that applies wins. */
  readonly applies: (state: State) => boolean
  /** Why it cannot be done now, in the operator's language. */
  readonly refusal?: (state: State, words: Catalogue) => string | null
  readonly run: (state: State, key: string) => Step
}

export const always = (): boolean => true

/** Words, numbers and times in the state's language and time zone. */
export const translatorOf = ({ language, timeZone }: State): Translator =>
  translatorFor(language, timeZone ?? undefined)

/** The words of the state's language. */
export const wordsOf = (state: State): Catalogue => translatorOf(state).words

const ACTIVITY_KEPT = 50

/** The state with one more line of what the console did. */
export function logActivity(state: State, key: string, text: string, tone: Tone = 'info'): State {
  const id = (state.activity.at(-1)?.id ?? 0) + 1
  const entry: Activity = { id, at: state.now, key, text, tone }
  return { ...state, activity: [...state.activity, entry].slice(-ACTIVITY_KEPT) }
}

export const noEffects = (state: State): Step => [state, []]

/** A command to the port, with its line of what the console did. */
export function dispatchCommand(state: State, key: string, command: OperatorCommand, text: string): Step {
  const next = logActivity(state, key, text)
  const effect: Effect = { type: 'perform', command, activityId: next.activity.at(-1)?.id ?? 0 }
  return [next, [effect]]
}
