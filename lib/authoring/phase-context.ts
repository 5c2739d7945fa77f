import type { BrowserContext, Page } from 'puppeteer'
import type { z } from 'zod'
import type { Json } from '../core/errors/errors.ts'
import type { Discovery, OnceOptions } from './discovery.ts'
import type { Human } from './human.ts'
import type { Counter, SharedMap } from './shared-values.ts'

/** What became of an offered result. */
export interface OfferReply {
  /** It is now the best of all workers of the job. */
  readonly accepted: boolean
  /** The best so far meets the workflow's target: the job's other workers are being stopped. */
  readonly targetMet: boolean
}

/** Says what the phase does right now; shown to the operator at once and named in every crash report, with how long it took in the history. */
export interface Step {
  /** A step that lasts until the next one. */
  (text: string): void
  /** A step that lasts as long as `work`; the steps in it are shown as a path: `cart > button`. Settles as `work` does. */
  <T>(text: string, work: () => T | Promise<T>): Promise<T>
}

/** What every phase gets, whatever the workflow's types are. */
export interface PhaseBasics {
  /** The worker's page. It stays open from phase to phase. */
  readonly page: Page
  /** The context that the page is in, which is this job's alone: pop-ups and further pages come from it. */
  readonly browserContext: BrowserContext
  /** Aborts when the phase's limit has passed or the worker is stopped. Pass it on: `page.waitForSelector(s, { signal })`. */
  readonly signal: AbortSignal
  /** Says what the phase does right now. */
  readonly step: Step
  /** Writes a line into the worker's log. */
  readonly log: (message: string) => void
  /**
   * Runs `fn` in one worker of the job only; the others wait and get the same value, copied as JSON. An error of `fn` reaches all of them.
   * The key names the value within the job. The next key's turn, or the next round's, goes to the next worker.
   */
  readonly once: <T extends Json>(key: string, fn: () => T | Promise<T>, options?: OnceOptions) => Promise<T>
  /** The same, and tells how old the value is. */
  readonly discover: <T extends Json>(
    key: string,
    fn: () => T | Promise<T>,
    options?: OnceOptions,
  ) => Promise<Discovery<T>>
  /** A whole number by its name (1 to 200 characters), shared by all workers of the project. */
  readonly counter: (name: string) => Counter
  /** Values by key under one name (1 to 200 characters), shared by all workers of the project, each of the shape that `schema` says. */
  readonly sharedMap: <Value extends z.ZodType<Json, Json>>(name: string, schema: Value) => SharedMap<Value>
  /** Calls a person and waits. */
  readonly human: Human
  /** This worker's part of a list: every item goes to exactly one of the job's workers. */
  readonly share: <T>(list: readonly T[]) => T[]
  /** Which of the job's workers this is: `index` from 0 to `count - 1`. */
  readonly worker: { readonly index: number; readonly count: number }
  /** 1 for the first try of the job, and so on. */
  readonly attempt: number
  /** The job: its number as all commands and screens show it. */
  readonly job: { readonly id: number }
}

/** What a phase's function receives. */
export interface PhaseContext<Input, Previous, Offered> extends PhaseBasics {
  /** The job's input, as the workflow's `input` schema parsed it. */
  readonly input: Input
  /** What the phase before returned; undefined in the first. */
  readonly previous: Previous
  /**
   * Proposes a result. The best of all workers becomes the job's result. The phase does not end before the answer is there, awaited or not.
   * Thrown with code `result-invalid` when it does not fit the workflow's `result` schema.
   */
  readonly offer: (result: Offered) => Promise<OfferReply>
}
