import type { ErrorCode } from './error-codes.ts'

/** What follows a failed attempt of a job, while it has retries left. */
export const RETRIES = ['now', 'backoff', 'other-proxy', 'other-session', 'never'] as const
/** What follows a failed attempt. `Recovery` says what each means. */
export type Retry = (typeof RETRIES)[number]

/**
 * Fates of the browser of a failed attempt. `keep` leaves the browser open for a person, for the
 * project's `keepBrowserFor` at most, if a person can see it: with a window, or with `cdp: 'port'`.
 * The job does not wait for that; the worker's slot does.
 */
export const BROWSERS_AFTER = ['close', 'keep'] as const
/** Fate of the browser of a failed attempt. */
export type BrowserAfter = (typeof BROWSERS_AFTER)[number]

/**
 * How a failure is answered. `now` tries again without a pause, `backoff` after a growing one; `other-proxy` and `other-session` soon, with another proxy or
 * a fresh login; `never` fails the job at once. Every failed attempt counts as one of the job's `retries`, whatever its answer is.
 */
export interface Recovery {
  /** Whether and when the job is tried again, while it has retries left. */
  readonly retry: Retry
  /** What becomes of the browser. */
  readonly browser: BrowserAfter
}

/** What another attempt does not change: the caller's mistake, or something that only a person can put right. */
const NEVER: Recovery = { retry: 'never', browser: 'close' }
const BACKOFF: Recovery = { retry: 'backoff', browser: 'close' }
/** A fresh browser is all it takes. */
const NOW: Recovery = { retry: 'now', browser: 'close' }

/** How an error of each code is answered unless it, or its workflow, says otherwise. */
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

/** The answer to an error or its record: what it says itself, or what its code says. */
export function recoveryOf(error: { readonly code: ErrorCode; readonly recovery?: Recovery }): Recovery {
  return error.recovery ?? DEFAULT_RECOVERY[error.code]
}

export function sameRecovery(a: Recovery, b: Recovery): boolean {
  return a.retry === b.retry && a.browser === b.browser
}
