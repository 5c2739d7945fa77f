import type { Clock } from '../core/time/clock.ts'
import { AutomateError, errorFromRecord, messageOf } from '../core/errors/errors.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import { PROGRAM } from '../core/process/program.ts'
import { removeAddress } from './endpoint/address.ts'
import type { RequestMessage } from './endpoint/messages.ts'
import type { OwnerRole } from './ownership/owner-record.ts'
import type { Ownership } from './ownership/ownership.ts'
import { StoreBase } from './store-base.ts'
import type { StoreEnd } from './store.ts'
import { FromThread } from './thread/thread-messages.ts'
import type { StoreThread, ThreadData, ThreadSays, ToThread } from './thread/thread-messages.ts'

interface OwnedDatabase {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly migrations?: string
}

/**
 * The store in the process that owns the database. The work is done in the thread that is passed to
 * it, or in the same thread for a command.
 */
export class OwnerStore extends StoreBase {
  readonly role: OwnerRole
  /** Rejects if the database could not be opened. */
  readonly ready: Promise<void>
  private readonly thread: StoreThread
  private readonly clock: Clock
  private endpoint: string
  private readonly pids = new Map<number, number>()
  private closing = false
  private asked: (RequestMessage & { readonly at: number; readonly steadyAt: number })[] = []
  /** Difference between the steady clock of the owner and the monotonic clock, in ms. */
  private readonly steadyOffset: number

  constructor(ownership: Ownership, { paths, clock, migrations }: OwnedDatabase, thread: StoreThread) {
    const { announcement } = ownership
    super(announcement)
    this.role = announcement.role
    this.clock = clock
    this.endpoint = announcement.endpoint
    const data: ThreadData = {
      database: paths.database,
      announcement: paths.owner,
      announced: announcement,
      migrations: migrations ?? null,
      now: clock.now(),
      build: PROGRAM.build,
    }
    this.steadyOffset = data.now - clock.monotonic()
    this.thread = thread
    this.thread.postMessage(data)
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    this.ready = promise
    let end: StoreEnd | undefined
    const onMessage = (message: ThreadSays) => {
      if (message.type === 'reply') this.settle(message)
      else if (message.type === 'change') this.change(message)
      else if (message.type === 'client') this.client(message)
      else if (message.type === 'endpoint') this.moved(message)
      else if (message.type === 'ready') resolve(undefined)
      else if (message.type === 'closed') end = { reason: 'closed' }
      else if (message.type === 'lost') end = { reason: 'lost-ownership' }
      else {
        const error = errorFromRecord(message.error)
        end = { reason: this.closing ? 'closed' : 'lost-ownership', error }
        reject(error)
      }
    }
    this.thread.on('message', raw => {
      for (const message of FromThread.parse(raw)) onMessage(message)
    })
    this.thread.on('error', thrown => {
      const text = `The store's thread failed: ${messageOf(thrown)}. Start the program again.`
      end = { reason: 'lost-ownership', error: new AutomateError('bug', text, { cause: thrown }) }
    })
    // The unreadable message may have been the reply to any of the calls. The thread is ended, so
    // that every call ends.
    this.thread.on('messageerror', thrown => {
      const text = `A message of the store's thread could not be read: ${messageOf(thrown)}. Start the program again.`
      end = { reason: 'lost-ownership', error: new AutomateError('bug', text, { cause: thrown }) }
      void this.thread.terminate()
    })
    this.thread.on('exit', () => {
      const last = end ?? {
        reason: 'lost-ownership',
        error: new AutomateError('bug', "The store's thread ended."),
      }
      // The lock must be released before `closed` resolves, because another process may take over
      // then.
      void ownership.release().finally(() => {
        removeAddress(this.endpoint)
        reject(last.error ?? new AutomateError('store-closed', 'The store was closed while it was opening.'))
        this.end(last)
      })
    })
    void ownership.lost.then(() => this.post({ type: 'lost' }))
  }

  async close(): Promise<void> {
    if (!this.closing) {
      this.closing = true
      this.sendAsked()
      this.post({ type: 'close' })
    }
    await this.closed
  }

  protected send(request: RequestMessage): void {
    const at = this.clock.now()
    this.asked.push({ ...request, at, steadyAt: this.clock.monotonic() + this.steadyOffset })
    // All calls of one turn of the event loop are sent together.
    if (this.asked.length === 1) setImmediate(() => this.sendAsked())
  }

  private sendAsked(): void {
    const requests = this.asked
    this.asked = []
    if (requests.length > 0) this.post({ type: 'requests', requests })
  }

  /** Does nothing, because the thread reports all changes to its owner. */
  protected follow(): void {}

  /**
   * Returns null, because a caller in the owner's process ends with the owner and never repeats a
   * call.
   */
  protected requestId(): null {
    return null
  }

  private post(message: ToThread): void {
    this.thread.postMessage(message)
  }

  private moved({ endpoint, message }: { endpoint: string; message: string | null }): void {
    this.endpoint = endpoint
    if (message !== null) this.warnings.emit(message)
  }

  private client({
    client,
    pid,
    connected,
  }: {
    client: number
    pid: number | null
    connected: boolean
  }): void {
    if (pid !== null) this.pids.set(client, pid)
    this.clients.emit({ client, pid: this.pids.get(client) ?? 0, connected })
    if (!connected) this.pids.delete(client)
  }
}
