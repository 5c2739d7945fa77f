import type { z } from 'zod'
import type { Json } from '../core/errors/errors.ts'

/**
 * A whole number that all workers of the project share. It starts at 0 and outlives jobs and the
 * console.
 */
export interface Counter {
  /**
   * Adds `by` (a whole number, which may be negative; default 1) and returns the new value.
   * Concurrent additions by several workers all count. With a `mark` (1 to 200 characters), an
   * addition with the same mark in the same job counts only once, however often the job runs again
   * after a kill or a failure. A mark is retained until the job has succeeded, or for a week after
   * it has failed for good or was cancelled.
   */
  readonly add: (by?: number, options?: { readonly mark?: string }) => Promise<number>
  /** Returns the current value. */
  readonly value: () => Promise<number>
}

/**
 * JSON values by key (1 to 200 characters) that all workers of the project share. They outlive jobs
 * and the console. Every value is parsed with the map's schema when it is read.
 * @throws `result-invalid` if a value does not fit the schema.
 */
export interface SharedMap<Value extends z.ZodType<Json, Json>> {
  /** Returns the current value; undefined if there is none. */
  readonly get: (key: string) => Promise<z.output<Value> | undefined>
  /** Sets a value, whatever the current value is. */
  readonly set: (key: string, value: z.input<Value>) => Promise<void>
  /** Deletes a value; does nothing if there is none. */
  readonly delete: (key: string) => Promise<void>
  /**
   * Calls `change` with the current value (undefined if there is none), stores the result and
   * returns it. If `change` returns `undefined`, the value is deleted. If another worker changes
   * the value first, `change` is called again with the newer value, so no update is lost.
   */
  readonly update: (
    key: string,
    change: (current: z.output<Value> | undefined) => z.input<Value> | undefined,
  ) => Promise<z.output<Value> | undefined>
  /**
   * Sets `next` if the current value equals `expected`, compared as JSON. `undefined` means no
   * value, in both parameters. Returns true if `next` was set.
   */
  readonly compareAndSet: (
    key: string,
    expected: z.input<Value> | undefined,
    next: z.input<Value> | undefined,
  ) => Promise<boolean>
  /** Returns all entries of the map. */
  readonly entries: () => Promise<[key: string, value: z.output<Value>][]>
}
