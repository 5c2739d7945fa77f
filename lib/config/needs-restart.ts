import type { Setting } from './config.ts'

/**
 * Settings that a scheduler reads only when it starts, so that a change needs a restart: the
 * options of its browsers, its workflows, its workers' secrets, and its language.
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
