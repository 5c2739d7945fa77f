import type { z } from 'zod'
import { AutomateError, errorFromRecord } from '../core/errors/errors.ts'
import { TOO_DEEP, isDocumentTooDeep } from '../model/json.ts'
import type { ChangeMessage, ReplyMessage, RequestMessage } from './endpoint/messages.ts'
import { outputs } from './operations/index.ts'
import type { InputOf, OperationName, OutputOf } from './operations/index.ts'
import type { ChangeListener, ClientEvent, Store, StoreEnd, StoreOwner } from './store.ts'

interface Pending {
  resolve(output: unknown): void
  reject(error: AutomateError): void
}

/** What a store does on either side: pairs answers with calls, tells changes, and ends once. */
export abstract class StoreBase implements Store {
  abstract readonly role: Store['role']
  readonly owner: StoreOwner
  readonly closed: Promise<StoreEnd>
  protected readonly warnings = new Listeners<[string]>()
  protected readonly clients = new Listeners<[ClientEvent]>()
  private readonly changes = new Listeners<Parameters<ChangeListener>>()
  private readonly pending = new Map<number, Pending>()
  private readonly resolveClosed: (end: StoreEnd) => void
  private lastSeq = 0
  private ended: StoreEnd | undefined

  constructor({ pid, since }: StoreOwner) {
    this.owner = { pid, since }
    const { promise, resolve } = Promise.withResolvers<StoreEnd>()
    this.closed = promise
    this.resolveClosed = resolve
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options: { readonly id?: string } = {},
  ): Promise<OutputOf<N>> {
    if (this.ended !== undefined) throw this.endError(this.ended)
    if (isDocumentTooDeep(input))
      throw new AutomateError('input-invalid', `The input of ${name} ${TOO_DEEP}.`)
    this.lastSeq += 1
    const seq = this.lastSeq
    // What cannot be sent is not waited for.
    this.send({ type: 'request', seq, id: options.id ?? this.requestId(), name, input })
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.pending.set(seq, { resolve, reject })
    return outputs[name].parseOutput(await promise)
  }

  onChange(listener: ChangeListener, tables?: readonly string[]): () => void {
    this.follow(tables)
    if (tables === undefined) return this.changes.add(listener)
    return this.changes.add((written, revision) => {
      if (tables.some(table => written.includes(table))) listener(written, revision)
    })
  }

  onClient(listener: (event: ClientEvent) => void): () => void {
    return this.clients.add(listener)
  }

  onWarning(listener: (message: string) => void): () => void {
    return this.warnings.add(listener)
  }

  abstract close(): Promise<void>

  /**
   * Sends a request on; an answer comes by `settle`, later, or never when the store ends first.
   * Throws what makes it impossible to send.
   */
  protected abstract send(request: RequestMessage): void

  /** Sees to it that changes of these tables, or of all, are told here. */
  protected abstract follow(tables: readonly string[] | undefined): void

  /** The id of a call that was given none. */
  protected abstract requestId(): string | null

  protected settle(reply: ReplyMessage): void {
    const pending = this.pending.get(reply.seq)
    this.pending.delete(reply.seq)
    if (reply.ok) pending?.resolve(reply.output)
    else pending?.reject(errorFromRecord(reply.error))
  }

  protected change({ tables, revision }: z.infer<typeof ChangeMessage>): void {
    this.changes.emit(tables, revision)
  }

  /** Rejects what waits and tells the end; only the first end counts. */
  protected end(end: StoreEnd): void {
    if (this.ended !== undefined) return
    this.ended = end
    for (const pending of this.pending.values()) pending.reject(this.endError(end))
    this.pending.clear()
    this.resolveClosed(end)
  }

  private endError({ reason, error }: StoreEnd): AutomateError {
    const what = {
      closed: 'The store was closed. Open it again.',
      'owner-gone':
        'The process that owned the database ended. Open the store again and repeat the call with its id.',
      'lost-ownership':
        'This process lost the database to another. Open the store again and repeat the call with its id.',
    }[reason]
    return new AutomateError('store-closed', what, { facts: { reason }, cause: error })
  }
}
/** Functions that want to be called. */
class Listeners<A extends readonly unknown[]> {
  private readonly listeners = new Set<(...values: A) => void>()

  /** The returned function takes the listener away again. */
  add(listener: (...values: A) => void): () => void {
    // A function of its own, so that a listener added twice is forgotten once at a time.
    const own = (...values: A) => listener(...values)
    this.listeners.add(own)
    return () => {
      this.listeners.delete(own)
    }
  }

  emit(...values: A): void {
    for (const listener of [...this.listeners]) listener(...values)
  }
}
