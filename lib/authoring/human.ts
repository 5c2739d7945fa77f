import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'

/** How a wait for a person ends, beside their saying so. */
export interface HumanOptions {
  /** Ends the wait by itself: a selector that the page then shows, or a function that then gives true. It is asked twice a second. */
  readonly until?: string | (() => boolean | Promise<boolean>)
  /** How long the person may take. Default `'30m'`. */
  readonly timeout?: Duration
}

/** What a person is to tell: `fields` says its names and what they may be. */
export interface HumanFieldsOptions<F extends z.ZodObject> extends Pick<HumanOptions, 'timeout'> {
  /** Kept from logs, documents and the store, where it is sealed on its way: it may be a password. */
  readonly fields: F
}

/** `done`: the person, or the page, says so. `skipped`: the operator goes on without it. */
export type HumanReply = 'done' | 'skipped'

/**
 * Calls a person, such as for a captcha or a second factor, and waits. The console shows what is asked, and the phase's limit stands still meanwhile.
 * Thrown with code `hard-fail` when the person refuses, `wait-timeout` when nobody comes in time.
 */
export interface Human {
  /** The person works in the browser's window, or in the console's picture of the page, and resumes: `await human('Solve the captcha', { until: '#welcome' })`. */
  (what: string, options?: HumanOptions): Promise<HumanReply>
  /**
   * The person tells something, which fits the schema: `const { code } = await human('The code of the message', { fields: z.object({ code: z.string() }) })`.
   * Thrown with code `workflow-invalid` for a schema that has a part which JSON Schema cannot say.
   */
  <F extends z.ZodObject>(what: string, options: HumanFieldsOptions<F>): Promise<z.output<F>>
}
