import { lstatSync } from 'node:fs'
import { connect } from 'node:net'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { readOwnerRecord, writeOwnerRecord } from '../ownership/owner-record.ts'
import type { OwnerRecord } from '../ownership/owner-record.ts'
import { makeAddress, removeAddress } from './address.ts'
import type { EndpointServer } from './server.ts'

/** Interval of the checks: two within the half minute in which an owner must be reachable again. */
const CHECK_EVERY_MS = 15_000

/**
 * Longest wait for the endpoint. It replies within milliseconds, but a commit or an integrity check
 * may delay it.
 */
const ANSWER_MS = 5_000

export interface ReachabilityOptions {
  readonly server: EndpointServer
  /** Path of the announcement. */
  readonly path: string
  readonly announced: OwnerRecord
  readonly clock: Clock
  /** Called at each check, for other checks that an owner must make as often. */
  readonly checked?: () => void
  /**
   * Reports every repair, and the first of consecutive failures: the present address, and a
   * sentence for the log. The sentence is null for an address that is replaced at the start.
   */
  readonly report: (endpoint: string, message: string | null) => void
}

/**
 * Keeps an owner reachable. Cleaners of temporary folders and the end of a login session remove
 * sockets of running programs. The owner holds the lock and not the address, so the endpoint moves
 * to a new address and is announced again. Established connections stay.
 */
export class Reachability {
  private readonly options: ReachabilityOptions
  private endpoint: string
  private inode: bigint | undefined
  private cancel: () => void = () => undefined
  private stopped = false
  private failing = false

  constructor(options: ReachabilityOptions) {
    this.options = options
    this.endpoint = options.announced.endpoint
  }

  /**
   * Listens at the announced address, or at another address if the file system of the announced one
   * has no sockets.
   */
  async start(): Promise<void> {
    try {
      await this.listen(this.endpoint)
    } catch {
      await this.move()
      this.options.report(this.endpoint, null)
    }
    this.schedule()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  private schedule(): void {
    if (this.stopped) return
    this.cancel = this.options.clock.after(CHECK_EVERY_MS, () => {
      this.options.checked?.()
      void this.check().finally(() => this.schedule())
    })
  }

  private async check(): Promise<void> {
    const { report } = this.options
    try {
      const damage = await this.damage()
      if (damage === undefined || this.stopped) return
      if (damage === 'announcement') this.announce()
      else await this.move()
      this.failing = false
      report(this.endpoint, DAMAGE[damage])
    } catch (error) {
      if (!this.failing)
        report(
          this.endpoint,
          `The scheduler cannot be reached, because it cannot listen at a new address: ${messageOf(error)}`,
        )
      this.failing = true
    }
  }

  private async damage(): Promise<keyof typeof DAMAGE | undefined> {
    if (!this.mayAnnounce()) return undefined
    if (inodeOf(this.endpoint) !== this.inode) return 'socket'
    if (!(await answers(this.endpoint, this.options.clock))) return 'silence'
    const { path, announced } = this.options
    const now = readOwnerRecord(path)
    return now?.token === announced.token && now.endpoint === this.endpoint ? undefined : 'announcement'
  }

  /**
   * Returns false once another process owns the project, because a lock that is a folder can be
   * lost without notice.
   */
  private mayAnnounce(): boolean {
    const { path, announced } = this.options
    return announced.lock === 'kernel' || readOwnerRecord(path)?.token === announced.token
  }

  /**
   * Moves the endpoint to a new address, but never into the folder of the project, because its file
   * system may have no sockets.
   */
  private async move(): Promise<void> {
    const before = this.endpoint
    const address = makeAddress()
    await this.listen(address)
    this.endpoint = address
    removeAddress(before)
    // Another process may own the project since the check began.
    if (!this.stopped && this.mayAnnounce()) this.announce()
  }

  private async listen(address: string): Promise<void> {
    await this.options.server.listen(address)
    this.inode = inodeOf(address)
  }

  private announce(): void {
    const { path, announced } = this.options
    writeOwnerRecord(path, { ...announced, endpoint: this.endpoint })
  }
}

const DAMAGE = {
  socket:
    'The socket of the scheduler was removed, so the scheduler listens at a new one. Commands and consoles can reach it again.',
  silence: 'The scheduler did not accept connections, so it listens at a new address.',
  announcement: 'data/owner.json was removed or changed, so the scheduler has written it again.',
} as const

/**
 * Returns the identity of a socket's file; undefined for a named pipe, and for a file that was
 * removed.
 */
function inodeOf(address: string): bigint | undefined {
  if (process.platform === 'win32') return undefined
  return lstatSync(address, { bigint: true, throwIfNoEntry: false })?.ino
}

/** Connects like a client, and resolves with true if the endpoint sends its challenge. */
function answers(address: string, clock: Clock): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(address)
    const end = (answered: boolean) => {
      cancel()
      socket.destroy()
      resolve(answered)
    }
    const cancel = clock.after(ANSWER_MS, () => end(false))
    socket.once('data', () => end(true))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
}
