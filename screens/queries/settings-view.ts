import type { SettingsAnswer } from '../../lib/app/port/lookup.ts'

/** What is known of the settings. */
export interface SettingsView {
  readonly answer: SettingsAnswer | null
  readonly stale: boolean
  readonly readAt: number
}

export const NO_SETTINGS: SettingsView = { answer: null, stale: true, readAt: 0 }

/** Choices of the operator. The language outlives the console, unless it is read-only; the others do not. */
export const PREFERENCES = ['language', 'theme', 'mouse'] as const
export type Preference = (typeof PREFERENCES)[number]
