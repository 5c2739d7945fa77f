import type { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Database } from '../engine/database.ts'

/** Facts about the database that the owner gives to an operation. */
export interface OwnerFacts {
  readonly path: string
  readonly role: 'scheduler' | 'transient'
  /** Commits of this owner that wrote. With group commit there are fewer than requests. */
  readonly commits: number
  /** See `Store.onChange`. */
  readonly revision: number
  /** Number of the last migration. */
  readonly migration: number
}

export interface OperationContext {
  /**
   * Time of the request in epoch ms: by the caller's clock in the owner's process, else by the
   * owner's.
   */
  readonly now: number
  /**
   * Time of the request by a clock that does not jump: epoch ms at the owner's start plus the time
   * since. For data that ends with the owner.
   */
  readonly steadyNow: number
  newId(): string
  readonly owner: OwnerFacts
  /** Aborts when the owner releases the database, to end work in the background. */
  readonly ending: AbortSignal
  /** @throws `store-closed` if the file has another owner now. */
  readonly guard: () => void
}

/**
 * Kind of an operation.
 * `read` and `write` run in a transaction shared with other requests, and a thrown error undoes
 * only its own request. `maintenance` runs alone, outside of any transaction, and is not protected
 * against a second run. `background` is asynchronous: other requests are served during its waits,
 * and background operations run one after the other.
 */
export type OperationKind = 'read' | 'write' | 'maintenance' | 'background'

interface Definition<N extends string, I extends z.ZodType, O extends z.ZodType> {
  /** `<aggregate>.<verb>`. */
  readonly name: N
  readonly kind: Exclude<OperationKind, 'background'>
  /** Input of the caller: a value that JSON preserves. */
  readonly input: I
  /** Result for the caller: a value that JSON preserves. */
  readonly output: O
  /** Synchronous. Has no effects outside of `db`, because it may be undone and run again. */
  run(db: Database, input: z.output<I>, ctx: OperationContext): z.input<O>
}

type BackgroundDefinition<N extends string, I extends z.ZodType, O extends z.ZodType> = Omit<
  Definition<N, I, O>,
  'kind' | 'run'
> & { run(db: Database, input: z.output<I>, ctx: OperationContext): Promise<z.input<O>> }

/** One typed request to the store. Made by `defineOperation` or `defineBackground`. */
export interface Operation<N extends string, I extends z.ZodType, O extends z.ZodType> {
  readonly name: N
  readonly kind: OperationKind
  readonly input: I
  readonly output: O
  /**
   * Parses `raw` and runs. A `background` operation returns a promise.
   * @throws `input-invalid`, and the errors of the operation.
   */
  execute(db: Database, raw: unknown, ctx: OperationContext): unknown
  /**
   * Parses the owner's reply for the caller.
   * @throws `bug` if the reply does not match the schema.
   */
  parseOutput(raw: unknown): z.output<O>
}

/** Makes an operation of the store. Put it into `operations` in ./index.ts. */
export function defineOperation<const N extends string, I extends z.ZodType, O extends z.ZodType>(
  definition: Definition<N, I, O>,
): Operation<N, I, O> {
  return operation(definition.kind, definition)
}

/** Makes an operation of the store that takes seconds and does not block other requests. */
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
