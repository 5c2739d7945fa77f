import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'

/** Ends of a wait for a person, besides the person's own reply. */
export interface HumanOptions {
  /**
   * Condition that ends the wait by itself: a selector that the page then shows, or a function that
   * then returns true. The condition is checked twice a second.
   */
  readonly until?: string | (() => boolean | Promise<boolean>)
  /** Time limit of the person. Default `'30m'`. */
  readonly timeout?: Duration
}

/** Request for values from a person: `fields` has their names and schemas. */
export interface HumanFieldsOptions<F extends z.ZodObject> extends Pick<HumanOptions, 'timeout'> {
  /**
   * Values to ask for. The reply stays out of logs and documents and is sealed in the store,
   * because it may be a password.
   */
  readonly fields: F
}

/**
 * `done`: the person, or the page, reports success. `skipped`: the operator continues without it.
 */
export type HumanReply = 'done' | 'skipped'

/**
 * Calls a person, such as for a captcha or a second factor, and waits. The console shows the
 * request, and the phase's limit is paused during the wait. The wait ends with the try of its phase
 * at the latest.
 * @throws `hard-fail` if the person refuses; `wait-timeout` if no person replies in time;
 * `cancelled` if the try of the phase has ended.
 */
export interface Human {
  /**
   * Waits for a person who works in the browser's window, or in the console's picture of the page,
   * and then resumes: `await human('Solve the captcha', { until: '#welcome' })`.
   */
  (what: string, options?: HumanOptions): Promise<HumanReply>
  /**
   * Asks a person for values that fit the schema: `const { code } = await human('The code of the
   * message', { fields: z.object({ code: z.string() }) })`.
   * @throws `workflow-invalid` if the schema has a part that JSON Schema cannot express.
   */
  <F extends z.ZodObject>(what: string, options: HumanFieldsOptions<F>): Promise<z.output<F>>
}
