import type { Setting } from './config.ts'

/**
 * Settings that a scheduler reads only at its start: the start of its browsers, its workflows, its
 * workers' secrets, and its language.
 */
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
