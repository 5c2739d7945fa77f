import type { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Database } from '../engine/database.ts'

/** Facts about the database that operations get from the owner. */
export interface OwnerFacts {
  readonly path: string
  readonly role: 'scheduler' | 'transient'
  /**
   * Number of writing commits of this owner. With group commit there are fewer commits than
   * requests.
   */
  readonly commits: number
  /** See `Store.onChange`. */
  readonly revision: number
  /** Number of the last migration. */
  readonly migration: number
}

export interface OperationContext {
  /**
   * Time of the request in epoch ms. Taken from the clock of the caller if it is in the owner's
   * process, otherwise from the owner's clock.
   */
  readonly now: number
  /**
   * Time of the request on a clock that does not jump, in ms: the epoch time at the owner's start
   * plus the time since then. For data that is dropped when the owner ends.
   */
  readonly steadyNow: number
  newId(): string
  readonly owner: OwnerFacts
  /** Aborted when the owner releases the database, so that background work ends. */
  readonly ending: AbortSignal
  /** @throws `store-closed` if another process owns the file now. */
  readonly guard: () => void
}

/**
 * Kind of an operation.
 * `read` and `write` run in a transaction that they share with other requests. An error undoes only
 * the request that threw it. `maintenance` runs alone and outside of any transaction, and may run
 * again if its request is repeated. `background` is asynchronous. Other requests are processed
 * while it waits, but only one background operation runs at a time.
 */
export type OperationKind = 'read' | 'write' | 'maintenance' | 'background'

interface Definition<N extends string, I extends z.ZodType, O extends z.ZodType> {
  /** `<aggregate>.<verb>`. */
  readonly name: N
  readonly kind: Exclude<OperationKind, 'background'>
  /** Input from the caller. JSON must preserve its value. */
  readonly input: I
  /** Result for the caller. JSON must preserve its value. */
  readonly output: O
  /** Synchronous. Must have no effects outside of `db`, because it may be undone and run again. */
  run(db: Database, input: z.output<I>, ctx: OperationContext): z.input<O>
}

type BackgroundDefinition<N extends string, I extends z.ZodType, O extends z.ZodType> = Omit<
  Definition<N, I, O>,
  'kind' | 'run'
> & { run(db: Database, input: z.output<I>, ctx: OperationContext): Promise<z.input<O>> }

/** One typed request to the store. Created by `defineOperation` or `defineBackground`. */
export interface Operation<N extends string, I extends z.ZodType, O extends z.ZodType> {
  readonly name: N
  readonly kind: OperationKind
  readonly input: I
  readonly output: O
  /**
   * Validates `raw` and runs the operation. A `background` operation returns a promise.
   * @throws `input-invalid` if `raw` does not match the schema.
   * @throws the errors of the operation.
   */
  execute(db: Database, raw: unknown, ctx: OperationContext): unknown
  /**
   * Validates the owner's reply for the caller.
   * @throws `bug` if the reply does not match the schema.
   */
  parseOutput(raw: unknown): z.output<O>
}

/** Creates an operation of the store. It must be added to `operations` in ./index.ts. */
export function defineOperation<const N extends string, I extends z.ZodType, O extends z.ZodType>(
  definition: Definition<N, I, O>,
): Operation<N, I, O> {
  return operation(definition.kind, definition)
}

/** Creates an operation of the store that may take seconds and does not block other requests. */
export function defineBackground<const N extends string, I extends z.ZodType, O extends z.ZodType>(
  definition: BackgroundDefinition<N, I, O>,
): Operation<N, I, O> {
  return operation('background', definition)
}

function operation<N extends string, I extends z.ZodType, O extends z.ZodType>(
  kind: OperationKind,
  definition: Definition<N, I, O> | BackgroundDefinition<N, I, O>,
): Operation<N, I, O> {
  const { name, input, output } = definition
  return {
    name,
    kind,
    input,
    output,
    execute: (db, raw, ctx) => {
      const parsed = input.safeParse(raw)
      if (parsed.success) return definition.run(db, parsed.data, ctx)
      throw new AutomateError('input-invalid', `${name} received an invalid input: ${issues(parsed.error)}`)
    },
    parseOutput: raw => {
      const parsed = output.safeParse(raw)
      if (parsed.success) return parsed.data
      throw new AutomateError('bug', `${name} returned an invalid result: ${issues(parsed.error)}`)
    },
  }
}

function issues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'the whole value'}: ${message}`)
    .join('; ')
}
