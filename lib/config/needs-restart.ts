import type { Setting } from './config.ts'

/** What a scheduler takes over at its start alone: how its browsers are started, whose workflows it knows, what its workers are given of secrets, and its language. */
export const NEEDS_RESTART: ReadonlySet<Setting> = new Set([
  'hungAfter',
  'workflows',
  'loadTimeout',
  'browser',
  'browserArgs',
  'sandbox',
  'headless',
  'cdp',
  'maxMemory',
  'maxProfile',
  'maxOutput',
  'proxies',
  'credentials',
  'language',
])
