import type { SettingsAnswer } from './lookup.ts'

/** What is known of the settings. */
export interface SettingsView {
  readonly answer: SettingsAnswer | null
  readonly stale: boolean
  readonly readAt: number
}

export const NO_SETTINGS: SettingsView = { answer: null, stale: true, readAt: 0 }

/** What the operator chooses for this console alone. */
export const PREFERENCES = ['language', 'theme', 'mouse'] as const
export type Preference = (typeof PREFERENCES)[number]
