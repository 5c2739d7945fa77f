import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'

/** Conditions that end a wait for a person, in addition to the person's own reply. */
export interface HumanOptions {
  /**
   * Condition that ends the wait without a reply: a selector that appears on the page, or a
   * function that returns true. The condition is checked twice a second.
   */
  readonly until?: string | (() => boolean | Promise<boolean>)
  /** Time limit for the person's reply. Default `'30m'`. */
  readonly timeout?: Duration
}

/** Options of a request for values from a person. */
export interface HumanFieldsOptions<F extends z.ZodObject> extends Pick<HumanOptions, 'timeout'> {
  /**
   * Names and schemas of the requested values. The reply is never written to logs or documents, and
   * it is sealed in the store, because it may be a password.
   */
  readonly fields: F
}

/**
 * `done`: the person reported success, or the `until` condition was met. `skipped`: the operator
 * chose to continue without the person's work.
 */
export type HumanReply = 'done' | 'skipped'

/**
 * Calls a person, for example to solve a captcha or to enter a second factor, and waits. The
 * console shows the request, and the phase's timeout is paused during the wait. The wait ends with
 * the try of its phase at the latest.
 * @throws `hard-fail` if the person refuses; `wait-timeout` if no person replies in time;
 * `cancelled` if the try of the phase has ended.
 */
export interface Human {
  /**
   * Waits until a person has finished some work in the browser's window, or in the console's
   * picture of the page: `await human('Solve the captcha', { until: '#welcome' })`.
   */
  (what: string, options?: HumanOptions): Promise<HumanReply>
  /**
   * Asks a person for values that fit the schema: `const { code } = await human('The code of the
   * message', { fields: z.object({ code: z.string() }) })`.
   * @throws `workflow-invalid` if the schema has a part that JSON Schema cannot express.
   */
  <F extends z.ZodObject>(what: string, options: HumanFieldsOptions<F>): Promise<z.output<F>>
}
