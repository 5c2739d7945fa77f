import { logActivity } from '../binding.ts'
import type { Lookup, LookupResult } from '../../lib/app/port/lookup.ts'
import { selectFirst } from '../selection.ts'
import type { State } from '../state.ts'

/** How channels and proxies do changes slowly, and so does the configuration. */
const READ_EVERY_MS = 2_000

export function settingsLookup({ screen, settings }: State): Extract<Lookup, { type: 'settings' }> | null {
  return screen === 'settings' && settings.stale ? { type: 'settings' } : null
}

export function settingsTick(state: State): State {
  const { settings, screen, now } = state
  const due = screen === 'settings' && !settings.stale && now >= settings.readAt + READ_EVERY_MS
  return due ? { ...state, settings: { ...settings, stale: true } } : state
}

export function settingsAnswered(state: State, result: LookupResult): State {
  const read = { stale: false, readAt: state.now }
  if (!result.ok || result.answer.type !== 'settings') {
    const next = { ...state, settings: { ...state.settings, ...read } }
    return result.ok ? next : logActivity(next, '', result.message, 'bad')
  }
  const next = { ...state, settings: { ...read, answer: result.answer } }
  return selectFirst(next, ['preferences', 'channels', 'proxies', 'settings'])
}
