import type { Socket } from 'node:net'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { Clock } from '../core/time/clock.ts'
import { newId } from '../core/ids.ts'
import { frameText, writeFrame, writeText } from './endpoint/frames.ts'
import type { Connection } from './endpoint/connect.ts'
import { FromOwner } from './endpoint/messages.ts'
import type { FollowMessage, RequestMessage } from './endpoint/messages.ts'
import { StoreBase } from './store-base.ts'
import type { StoreOwner } from './store.ts'

/** The store of a process that is connected to the owner through the endpoint. */
export class ClientStore extends StoreBase {
  readonly role = 'client'
  private readonly socket: Socket
  private readonly clock: Clock
  /**
   * Tables whose changes the owner sends; null for all tables. The set only grows, because a table
   * that was followed once is likely to be followed again.
   */
  private followed: Set<string> | null = new Set()
  private followersNotified = false

  constructor(connection: Connection, owner: StoreOwner, clock: Clock) {
    super(owner)
    this.socket = connection.socket
    this.clock = clock
    connection.onFrame(message => this.receive(message))
    // No handling is needed here, because 'close' follows every error and means the same.
    this.socket.on('close', () => this.end({ reason: 'owner-gone' }))
    queueMicrotask(() => this.notifyFollowers())
  }

  async close(): Promise<void> {
    this.end({ reason: 'closed' })
    if (this.socket.closed) return
    await new Promise<void>(resolve => {
      this.socket.once('close', () => resolve())
      this.socket.destroy()
    })
  }

  protected send(request: RequestMessage): void {
    this.notifyFollowers()
    writeText(this.socket, frameText(request, `The input of ${request.name}`))
  }

  protected follow(tables: readonly string[] | undefined): void {
    if (this.followed === null || tables?.every(table => this.followed?.has(table) === true)) return
    this.followed = tables === undefined ? null : new Set([...this.followed, ...tables])
    this.followersNotified = false
    queueMicrotask(() => this.notifyFollowers())
  }

  private notifyFollowers(): void {
    if (this.followersNotified || this.socket.destroyed) return
    this.followersNotified = true
    const message: FollowMessage = { type: 'follow', tables: this.followed && [...this.followed] }
    writeFrame(this.socket, message)
  }

  protected requestId(): string {
    return newId(this.clock.now())
  }

  private receive(raw: unknown): void {
    try {
      const message = FromOwner.parse(raw)
      if (message.type === 'reply') this.settle(message)
      else if (message.type === 'change') this.change(message)
      else this.socket.destroy()
    } catch (thrown) {
      const error = new AutomateError('bug', `The owner sent an invalid message: ${messageOf(thrown)}`)
      this.end({ reason: 'owner-gone', error })
      this.socket.destroy()
    }
  }
}
