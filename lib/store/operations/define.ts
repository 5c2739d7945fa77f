import type { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Database } from '../engine/database.ts'

/** What the owner tells an operation about the database that it works on. */
export interface OwnerFacts {
  readonly path: string
  readonly role: 'scheduler' | 'transient'
  /** Commits of this owner that wrote: with group commit fewer than requests. */
  readonly commits: number
  /** See `Store.onChange`. */
  readonly revision: number
  /** Number of the last migration. */
  readonly migration: number
}

export interface OperationContext {
  /** When the request is worked on, in epoch ms: of the caller's clock in the owner's process, else of the owner's. */
  readonly now: number
  /** The same by a clock that does not jump: epoch ms at the owner's start plus the time since. For what ends with the owner. */
  readonly steadyNow: number
  newId(): string
  readonly owner: OwnerFacts
  /** Aborts when the owner gives the database up: what runs in the background ends then. */
  readonly ending: AbortSignal
  /** @throws `store-closed` when the file has another owner now. */
  readonly guard: () => void
}

/**
 * `read` and `write` run in a transaction of which other requests are part: a thrown error undoes its own request only.
 * `maintenance` runs alone, outside of any transaction, and is not protected against being applied twice.
 * `background` is asynchronous: other requests are answered while it waits, and one runs after the other.
 */
export type OperationKind = 'read' | 'write' | 'maintenance' | 'background'

interface Definition<N extends string, I extends z.ZodType, O extends z.ZodType> {
  /** `<aggregate>.<verb>`. */
  readonly name: N
  readonly kind: Exclude<OperationKind, 'background'>
  /** What the caller sends: a value that JSON keeps. */
  readonly input: I
  /** What the caller gets: a value that JSON keeps. */
  readonly output: O
  /** Synchronous, and without effects but in `db`: it may be undone and run again. */
  run(db: Database, input: z.output<I>, ctx: OperationContext): z.input<O>
}

type BackgroundDefinition<N extends string, I extends z.ZodType, O extends z.ZodType> = Omit<
  Definition<N, I, O>,
  'kind' | 'run'
> & { run(db: Database, input: z.output<I>, ctx: OperationContext): Promise<z.input<O>> }

/** One typed thing that the store can do; made by `defineOperation` or `defineBackground`. */
export interface Operation<N extends string, I extends z.ZodType, O extends z.ZodType> {
  readonly name: N
  readonly kind: OperationKind
  readonly input: I
  readonly output: O
  /** Parses `raw` and runs; a `background` operation returns a promise. Thrown `input-invalid`, and whatever the operation throws. */
  execute(db: Database, raw: unknown, ctx: OperationContext): unknown
  /** What arrived from the owner → what the caller gets. Thrown `bug` when it is not what was promised. */
  parseOutput(raw: unknown): z.output<O>
}

/** Makes an operation of the store; put it into `operations` in ./index.ts. */
export function defineOperation<const N extends string, I extends z.ZodType, O extends z.ZodType>(
  definition: Definition<N, I, O>,
): Operation<N, I, O> {
  return operation(definition.kind, definition)
}

/** Makes an operation of the store that takes seconds and leaves the store's thread to others meanwhile. */
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
      throw new AutomateError(
        'input-invalid',
        `${name} was asked with a wrong input: ${issues(parsed.error)}`,
      )
    },
    parseOutput: raw => {
      const parsed = output.safeParse(raw)
      if (parsed.success) return parsed.data
      throw new AutomateError('bug', `${name} answered something unexpected: ${issues(parsed.error)}`)
    },
  }
}

function issues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`)
    .join('; ')
}
