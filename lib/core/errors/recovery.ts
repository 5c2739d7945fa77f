import type { ErrorCode } from './error-codes.ts'

/** Kinds of retry after a failed attempt, used as long as the job has retries left. */
export const RETRIES = ['now', 'backoff', 'other-proxy', 'other-session', 'never'] as const
/** Retry after a failed attempt. `Recovery` explains the values. */
export type Retry = (typeof RETRIES)[number]

/**
 * Values for the browser of a failed attempt: closed, or kept open. `keep` leaves the browser open
 * for a person, for at most the project's `keepBrowserFor`, if a person can see it: with a window,
 * or with `cdp: 'port'`. The job does not wait for the browser, but the browser occupies the
 * worker's slot.
 */
export const BROWSERS_AFTER = ['close', 'keep'] as const
/** Treatment of the browser of a failed attempt. `BROWSERS_AFTER` explains the values. */
export type BrowserAfter = (typeof BROWSERS_AFTER)[number]

/**
 * Recovery from a failure. `now` retries without a pause, and `backoff` after a pause that grows
 * with each retry. `other-proxy` and `other-session` retry soon, with another proxy or a fresh
 * login. `never` fails the job at once. Every failed attempt counts as one of the job's `retries`,
 * with two exceptions: an attempt that is retried with another proxy, and the first attempt whose
 * saved login had expired.
 */
export interface Recovery {
  /** Retry of the job, as long as it has retries left. */
  readonly retry: Retry
  /** Treatment of the browser. */
  readonly browser: BrowserAfter
}

/**
 * For failures that a retry cannot solve: a mistake of the caller, or a problem that only a person
 * can solve.
 */
const NEVER: Recovery = { retry: 'never', browser: 'close' }
const BACKOFF: Recovery = { retry: 'backoff', browser: 'close' }
/** For failures that a fresh browser solves. */
const NOW: Recovery = { retry: 'now', browser: 'close' }

/** Recovery for each code, unless the error or its workflow sets another. */
export const DEFAULT_RECOVERY: Readonly<Record<ErrorCode, Recovery>> = {
  usage: NEVER,
  'config-invalid': NEVER,
  'environment-unfit': NEVER,
  'no-project': NEVER,
  'document-invalid': NEVER,
  'workflow-invalid': NEVER,
  'workflow-missing': NEVER,
  'input-invalid': NEVER,
  'result-invalid': BACKOFF,
  'store-busy': BACKOFF,
  'store-closed': BACKOFF,
  'store-damaged': NEVER,
  'store-newer': NEVER,
  'store-refused': BACKOFF,
  'migration-changed': NEVER,
  'job-missing': NEVER,
  'job-state': NEVER,
  'schedule-missing': NEVER,
  fenced: NEVER,
  'phase-timeout': BACKOFF,
  proxy: { retry: 'other-proxy', browser: 'close' },
  navigate: BACKOFF,
  element: BACKOFF,
  'session-expired': { retry: 'other-session', browser: 'close' },
  'browser-launch': BACKOFF,
  'browser-crash': NOW,
  'resource-limit': BACKOFF,
  'worker-exit': BACKOFF,
  workflow: BACKOFF,
  cancelled: NEVER,
  deadline: BACKOFF,
  'wait-timeout': BACKOFF,
  'hard-fail': NEVER,
  unexpected: BACKOFF,
  bug: BACKOFF,
}

/**
 * Returns the recovery of an error or of an error record, or the default of its code if it has no
 * recovery.
 */
export function recoveryOf(error: { readonly code: ErrorCode; readonly recovery?: Recovery }): Recovery {
  return error.recovery ?? DEFAULT_RECOVERY[error.code]
}

export function sameRecovery(a: Recovery, b: Recovery): boolean {
  return a.retry === b.retry && a.browser === b.browser
}
