import { crashAnswered, crashLookup, crashTick, logAnswered, logLookup } from './crash-lookup.ts'
import {
  databaseAnswered,
  databaseLookup,
  databaseTick,
  recordsAnswered,
  recordsLookup,
} from './database-lookup.ts'
import { jobAnswered, jobLookup, jobTick } from './job-lookup.ts'
import type { Lookup, LookupResult } from '../../lib/app/port/lookup.ts'
import type { Effect, State, Step } from '../state.ts'
import { logActivity } from '../binding.ts'
import { selectFirst } from '../selection.ts'
/** How channels and proxies do changes slowly, and so does the configuration. */
const READ_EVERY_MS = 2_000

/** What the state needs to know that is not being looked up already. */
function wanted(state: State): readonly Lookup[] {
  return [
    databaseLookup(state),
    recordsLookup(state),
    settingsLookup(state),
    crashLookup(state),
    jobLookup(state),
    logLookup(state),
  ].flatMap(lookup => (lookup === null || state.pending[lookup.type] !== null ? [] : [lookup]))
}

/** A step, with what its state needs to know looked up: whatever led there. One look-up of a kind is under way at a time. */
export function startQueries([state, effects]: Step): Step {
  const lookups = wanted(state)
  if (lookups.length === 0) return [state, effects]
  const first = state.lookedUp + 1
  const asked = lookups.map((lookup, index) => ({ type: 'look-up', id: first + index, lookup }) as const)
  const pending = Object.fromEntries(asked.map(({ id, lookup }) => [lookup.type, { id, at: state.now }]))
  const next = {
    ...state,
    lookedUp: state.lookedUp + lookups.length,
    pending: { ...state.pending, ...pending },
  }
  return [next, [...effects, ...(asked satisfies readonly Effect[])]]
}

/** The state after a second: what is shown may have changed meanwhile. */
export const refreshStale = (state: State): State => jobTick(crashTick(settingsTick(databaseTick(state))))

/** The answer to a look-up; one that nobody waits for any more is dropped. */
export function lookedUp(state: State, id: number, lookup: Lookup, result: LookupResult): State {
  const asked = state.pending[lookup.type]
  if (asked?.id !== id) return state
  const next = { ...state, pending: { ...state.pending, [lookup.type]: null } }
  const tookMs = state.now - asked.at
  switch (lookup.type) {
    case 'database':
      return databaseAnswered(next, lookup, result, tookMs)
    case 'records':
      return recordsAnswered(next, result)
    case 'settings':
      return settingsAnswered(next, result)
    case 'crash':
      return crashAnswered(next, result)
    case 'job':
      return jobAnswered(next, lookup, result)
    case 'log':
      return logAnswered(next, result)
  }
}

function settingsLookup({ screen, settings }: State): Extract<Lookup, { type: 'settings' }> | null {
  return screen === 'settings' && settings.stale ? { type: 'settings' } : null
}

function settingsTick(state: State): State {
  const { settings, screen, now } = state
  const due = screen === 'settings' && !settings.stale && now >= settings.readAt + READ_EVERY_MS
  return due ? { ...state, settings: { ...settings, stale: true } } : state
}

function settingsAnswered(state: State, result: LookupResult): State {
  const read = { stale: false, readAt: state.now }
  if (!result.ok || result.answer.type !== 'settings') {
    const next = { ...state, settings: { ...state.settings, ...read } }
    return result.ok ? next : logActivity(next, '', result.message, 'bad')
  }
  const next = { ...state, settings: { ...read, answer: result.answer } }
  return selectFirst(next, ['preferences', 'channels', 'proxies', 'settings'])
}
