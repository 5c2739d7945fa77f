import type { SettingsAnswer } from '../../lib/app/port/lookup.ts'

/** Data of the settings screen. */
export interface SettingsView {
  readonly answer: SettingsAnswer | null
  readonly stale: boolean
  readonly readAt: number
}

export const NO_SETTINGS: SettingsView = { answer: null, stale: true, readAt: 0 }

/**
 * Preferences of the operator. The language is stored, unless the console is read-only. The others
 * are lost when the console ends.
 */
export const PREFERENCES = ['language', 'theme', 'mouse'] as const
export type Preference = (typeof PREFERENCES)[number]
