import { CONSOLE } from './actions/console.ts'
import { CRASHES } from './actions/crashes.ts'
import { DATABASE } from './actions/database.ts'
import { KILL } from './actions/kill.ts'
import { LOG_KEYS } from './actions/logs.ts'
import { MOVE } from './actions/move.ts'
import { OPERATE } from './actions/operate.ts'
import { PRIORITY } from './actions/priority.ts'
import { SCHEDULES } from './actions/schedules.ts'
import { SCREEN_KEYS } from './actions/screens.ts'
import { SETTINGS } from './actions/settings.ts'
import { TAKEOVER } from './actions/takeover.ts'
import type { ActionId, Binding } from './binding.ts'
import { wordsOf } from './binding.ts'
import type { State } from './state.ts'

/**
 * Table of all keys. Dispatch, footer and help are made from it. If a row has no texts in the
 * catalogue, or a text has no row, the code does not compile.
 */
export const BINDINGS: Readonly<Record<ActionId, Binding>> = {
  ...TAKEOVER,
  ...OPERATE,
  ...KILL,
  ...PRIORITY,
  ...DATABASE,
  ...CRASHES,
  ...SCHEDULES,
  ...SETTINGS,
  ...LOG_KEYS,
  ...SCREEN_KEYS,
  ...MOVE,
  ...CONSOLE,
}

const isAction = (id: string): id is ActionId => id in BINDINGS

export const ACTION_IDS: readonly ActionId[] = Object.keys(BINDINGS).filter(isAction)

/** Returns the action of a key in this state; undefined if the key has no action here. */
export function actionFor(state: State, key: string): ActionId | undefined {
  return ACTION_IDS.find(id => BINDINGS[id].keys.includes(key) && BINDINGS[id].applies(state))
}

/** Returns why an action is not possible now; null if it is possible. */
export function refusalOf(state: State, id: ActionId): string | null {
  return BINDINGS[id].refusal?.(state, wordsOf(state)) ?? null
}

/**
 * Returns the actions that can be reached by a key now. An action is left out if earlier actions
 * have all its keys.
 */
export function actionsHere(state: State): ActionId[] {
  const taken = new Set<string>()
  return ACTION_IDS.filter(id => {
    const { keys, applies } = BINDINGS[id]
    if (!applies(state)) return false
    const free = keys.some(key => !taken.has(key))
    for (const key of keys) taken.add(key)
    return free
  })
}
