import type { z } from 'zod'
import type { Json } from '../core/errors/errors.ts'

/** A whole number that all workers of the project share. It starts at 0 and outlives jobs and the console. */
export interface Counter {
  /**
   * Adds `by` (a whole number, also a negative one; default 1) and gives the value after it. Of two workers that add at once, both count.
   * With a `mark` (1 to 200 characters), the same mark of the same job counts only once, however often the job runs again after a kill or a failure: until it has
   * succeeded, or for a week after it has failed for good or was cancelled.
   */
  readonly add: (by?: number, options?: { readonly mark?: string }) => Promise<number>
  /** What it is now. */
  readonly value: () => Promise<number>
}

/**
 * JSON values by key (1 to 200 characters) that all workers of the project share. They outlive jobs and the console.
 * What is read is parsed with the map's schema. Thrown with code `result-invalid` when a value does not fit it.
 */
export interface SharedMap<Value extends z.ZodType<Json, Json>> {
  /** The value now; undefined for none. */
  readonly get: (key: string) => Promise<z.output<Value> | undefined>
  /** Sets a value whatever it was before. */
  readonly set: (key: string, value: z.input<Value>) => Promise<void>
  /** Takes a value away; nothing happens where there is none. */
  readonly delete: (key: string) => Promise<void>
  /**
   * Sets what `change` makes of the current value (undefined for none), and gives it; `undefined` deletes it. When another worker was faster, `change` is
   * asked again with what that one set, so that nothing is overwritten unseen.
   */
  readonly update: (
    key: string,
    change: (current: z.output<Value> | undefined) => z.input<Value> | undefined,
  ) => Promise<z.output<Value> | undefined>
  /** Sets `next` if the current value equals `expected`, as JSON; `undefined` stands for none on either side. Tells whether it did. */
  readonly compareAndSet: (
    key: string,
    expected: z.input<Value> | undefined,
    next: z.input<Value> | undefined,
  ) => Promise<boolean>
  /** Everything in the map, by key. */
  readonly entries: () => Promise<[key: string, value: z.output<Value>][]>
}
