import type { SettingsAnswer } from '../../lib/app/port/lookup.ts'

/** Facts of the settings. */
export interface SettingsView {
  readonly answer: SettingsAnswer | null
  readonly stale: boolean
  readonly readAt: number
}

export const NO_SETTINGS: SettingsView = { answer: null, stale: true, readAt: 0 }

/**
 * Preferences of the operator. The language is stored, unless the console is read-only; the others
 * end with the console.
 */
export const PREFERENCES = ['language', 'theme', 'mouse'] as const
export type Preference = (typeof PREFERENCES)[number]
