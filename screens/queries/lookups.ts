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

/**
 * Interval at which the settings screen is reread. Its configuration, channels and proxies change
 * slowly.
 */
const READ_EVERY_MS = 2_000

/** Returns the lookups that the state needs and that are not pending yet. */
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

/**
 * Adds the lookups that the new state needs to a step. At most one lookup of each type is pending.
 */
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

/** Marks data as stale that is older than its interval. Called once a second. */
export const refreshStale = (state: State): State => jobTick(crashTick(settingsTick(databaseTick(state))))

/** Applies the reply to a lookup. An outdated reply is dropped. */
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
