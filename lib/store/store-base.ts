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

/**
 * Common base of the owner's and a client's store. Assigns replies to calls, reports changes, and
 * ends once.
 */
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
    // Sent first, because there is no reply to wait for if sending fails.
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
   * Sends a request. Its reply is passed to `settle` later, or never if the store ends first.
   * Throws if the request cannot be sent.
   */
  protected abstract send(request: RequestMessage): void

  /** Subscribes to the changes of these tables, or of all. */
  protected abstract follow(tables: readonly string[] | undefined): void

  /** Returns the request id for a call that was made without one; null if none is needed. */
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

  /**
   * Rejects the pending calls and reports the end of the store. Only the first call has an effect.
   */
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
        'Another process has taken the database from this process. Open the store again and repeat the call with its id.',
    }[reason]
    return new AutomateError('store-closed', what, { facts: { reason }, cause: error })
  }
}
/** Set of registered listeners. */
class Listeners<A extends readonly unknown[]> {
  private readonly listeners = new Set<(...values: A) => void>()

  /** Adds a listener. Returns a function that removes it. */
  add(listener: (...values: A) => void): () => void {
    // The listener is wrapped, so that a listener that was added twice is registered twice.
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
