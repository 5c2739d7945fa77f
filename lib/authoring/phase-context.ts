import type { BrowserContext, Page } from 'puppeteer'
import type { z } from 'zod'
import type { Json } from '../core/errors/errors.ts'
import type { Discovery, OnceOptions } from './discovery.ts'
import type { Human } from './human.ts'
import type { Counter, SharedMap } from './shared-values.ts'

/** Reply to an offered result. */
export interface OfferReply {
  /** True if the offer is now the best of all workers of the job. */
  readonly accepted: boolean
  /**
   * True if the best offer meets the workflow's target. The job's other workers are then being
   * stopped.
   */
  readonly targetMet: boolean
}

/**
 * Names the current work of the phase. The operator sees the step at once, every crash report names
 * it, and the history shows its duration.
 */
export interface Step {
  /** Begins a step that lasts until the next one. */
  (text: string): void
  /**
   * Runs `work` as a step and settles as `work` does. Steps within `work` are shown as a path:
   * `cart > button`.
   */
  <T>(text: string, work: () => T | Promise<T>): Promise<T>
}

/** Context of every phase, independent of the workflow's types. */
export interface PhaseBasics {
  /** The worker's page. It stays open from phase to phase. */
  readonly page: Page
  /**
   * Browser context of the page, used by this job alone: its pop-ups and other pages belong to the
   * context.
   */
  readonly browserContext: BrowserContext
  /**
   * Aborts when the phase's timeout is exceeded or the worker is stopped. Pass it on:
   * `page.waitForSelector(s, { signal })`.
   */
  readonly signal: AbortSignal
  /** Names the current work of the phase. */
  readonly step: Step
  /** Writes a line into the worker's log. */
  readonly log: (message: string) => void
  /**
   * Runs `fn` in only one worker of the job. The other workers wait and receive the same value,
   * copied as JSON, or the error of `fn`. The key (1 to 200 characters) identifies the value within
   * the job. The next key, or the next round, is the turn of the next worker.
   */
  readonly once: <T extends Json>(key: string, fn: () => T | Promise<T>, options?: OnceOptions) => Promise<T>
  /** Works like `once`, and also returns the age of the value. */
  readonly discover: <T extends Json>(
    key: string,
    fn: () => T | Promise<T>,
    options?: OnceOptions,
  ) => Promise<Discovery<T>>
  /**
   * Returns the counter with this name (1 to 200 characters). All workers of the project share it.
   */
  readonly counter: (name: string) => Counter
  /**
   * Returns the map with this name (1 to 200 characters). All workers of the project share it.
   * Every value must fit `schema`.
   */
  readonly sharedMap: <Value extends z.ZodType<Json, Json>>(name: string, schema: Value) => SharedMap<Value>
  /** Calls a person and waits for the reply. */
  readonly human: Human
  /**
   * Returns this worker's part of a list: each item belongs to exactly one of the job's workers.
   */
  readonly share: <T>(list: readonly T[]) => T[]
  /** Position of this worker in the job: `index` from 0 to `count - 1`. */
  readonly worker: { readonly index: number; readonly count: number }
  /** Number of the job's attempt, from 1. */
  readonly attempt: number
  /** The job; `id` is its number in all commands and screens. */
  readonly job: { readonly id: number }
}

/** Context of a phase's function. */
export interface PhaseContext<Input, Previous, Offered> extends PhaseBasics {
  /** The job's input, as the workflow's `input` schema parsed it. */
  readonly input: Input
  /** Return value of the previous phase; undefined in the first phase. */
  readonly previous: Previous
  /**
   * Offers a result. The best offer of all workers becomes the job's result. The phase ends only
   * after the reply to the offer, even if the promise is not awaited.
   * @throws `result-invalid` if the result does not fit the workflow's `result` schema.
   */
  readonly offer: (result: Offered) => Promise<OfferReply>
}
