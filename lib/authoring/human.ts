import type { Duration } from '../core/duration.ts'

export interface HumanOptions {
  /** Ends the wait by itself: a selector that the page then shows, or a function that then gives true. It is asked twice a second. */
  readonly until?: string | (() => boolean | Promise<boolean>)
  /** How long the person may take. Default `'30m'`. */
  readonly timeout?: Duration
}

/** `done`: the person, or the page, says so. `skipped`: the operator goes on without it. */
export type HumanReply = 'done' | 'skipped'

/**
 * Calls a person, such as for a captcha or a second factor, and waits: `await human('Solve the captcha', { until: '#welcome' })`. The console shows what is asked;
 * the person works in the browser's window, or in the console's picture of the page, and resumes. The phase's limit stands still meanwhile.
 * Thrown with code `hard-fail` when the person refuses, `wait-timeout` when nobody comes in time.
 */
export type Human = (what: string, options?: HumanOptions) => Promise<HumanReply>
