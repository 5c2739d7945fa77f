import { lstatSync } from 'node:fs'
import { connect } from 'node:net'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { readOwnerRecord, writeOwnerRecord } from '../ownership/owner-record.ts'
import type { OwnerRecord } from '../ownership/owner-record.ts'
import { makeAddress, removeAddress } from './address.ts'
import type { EndpointServer } from './server.ts'

/**
 * Interval of the checks. There are two in the half minute within which an owner must be reachable
 * again.
 */
const CHECK_EVERY_MS = 15_000

/**
 * Longest wait for the endpoint's challenge. It normally arrives within milliseconds, but a commit
 * or an integrity check may delay it.
 */
const ANSWER_MS = 5_000

export interface ReachabilityOptions {
  readonly server: EndpointServer
  /** Path of the file with the owner's announcement. */
  readonly path: string
  readonly announced: OwnerRecord
  readonly clock: Clock
  /** Called at each check, for other checks that an owner must make equally often. */
  readonly checked?: () => void
  /**
   * Called after every repair, and at the first of consecutive failures, with the current address
   * and a sentence for the log. The sentence is null if the address was replaced at the start.
   */
  readonly report: (endpoint: string, message: string | null) => void
}

/**
 * Keeps an owner reachable. Programs that clean up temporary folders, and the end of a login
 * session, remove sockets that are in use. In that case the endpoint moves to a new address and is
 * announced again, which is possible because ownership depends on the lock and not on the address.
 * Established connections are not affected.
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
   * Listens at the announced address, or at another one if the file system of the announced address
   * does not support sockets.
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
   * Returns false if another process owns the project now. That is possible because a lock that is
   * a folder can be lost without notice.
   */
  private mayAnnounce(): boolean {
    const { path, announced } = this.options
    return announced.lock === 'kernel' || readOwnerRecord(path)?.token === announced.token
  }

  /**
   * Moves the endpoint to a new address. Never uses the project's folder, because its file system
   * may not support sockets.
   */
  private async move(): Promise<void> {
    const before = this.endpoint
    const address = makeAddress()
    await this.listen(address)
    this.endpoint = address
    removeAddress(before)
    // Another process may have become the owner of the project during the check.
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

/** Returns the inode of a socket's file; undefined for a named pipe, or if the file was removed. */
function inodeOf(address: string): bigint | undefined {
  if (process.platform === 'win32') return undefined
  return lstatSync(address, { bigint: true, throwIfNoEntry: false })?.ino
}

/** Connects as a client does, and resolves with true if the endpoint sends its challenge. */
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
