import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import type { Proxy } from '../../../model/proxy/proxy-address.ts'
import type { ProxyWaitReason } from '../../../model/proxy/proxy.ts'

/**
 * Interval of readings after a failure. A file that is being written is complete by then, and a
 * provider that is down is not asked more often.
 */
const READ_AGAIN_MS = 10_000

/**
 * Twice the interval at which a function is called. While jobs start, the list is renewed sooner.
 * An older list is from a time without jobs, and its proxies may have expired.
 */
const STALE_AFTER_MS = 120_000

/** Longest wait reason of a job, in characters. */
const REASON_LIMIT = 400

/** Wait of a job for a proxy. */
export interface Wait {
  readonly type: 'wait'
  readonly until: number
  /** Predicate of the log's line. */
  readonly why: string
  readonly reason: ProxyWaitReason
  /**
   * Key of the cause, which does not change while the job waits for one cause. `why` may change,
   * because it can contain a remaining time. Null if the log needs no line.
   */
  readonly cause: string | null
  /** Resolves when the wait may be over before `until`. */
  readonly sooner?: Promise<void>
}

export interface ProxyListDependencies {
  readonly clock: Clock
  readonly log: Log
  readonly proxies: ProxySource
}

/**
 * Reads the list of proxies outside the turns of the scheduler. A function of the project may take
 * half a minute, and only jobs that need a proxy while no list is valid wait for it. The last list
 * is valid until it is stale, and while a reading fails.
 */
export class ProxyList {
  private readonly deps: ProxyListDependencies
  private list: readonly Proxy[] = []
  private trouble = ''
  private reading: Promise<void> | undefined
  private readAt = -Infinity
  private failedAt = -Infinity
  private closed = false

  constructor(deps: ProxyListDependencies) {
    this.deps = deps
  }

  /** Proxies of the last reading. */
  get known(): readonly Proxy[] {
    return this.list
  }

  /**
   * Begins to read the list, unless a reading is running or has just failed. Resolves at once. A
   * list that needs no wait, such as the lines of a file, is valid by then.
   */
  async refresh(): Promise<void> {
    const { clock } = this.deps
    if (clock.monotonic() - this.failedAt >= READ_AGAIN_MS)
      this.reading ??= this.read().finally(() => (this.reading = undefined))
    await Promise.race([this.reading, setImmediate()])
  }

  /**
   * Returns the wait of a job that needs a proxy while no list is valid; undefined if a list is
   * valid.
   */
  get wait(): Wait | undefined {
    const { clock } = this.deps
    const isUnread = this.trouble !== '' && this.list.length === 0
    const isStale = this.trouble === '' && clock.monotonic() - this.readAt > STALE_AFTER_MS
    if (!isUnread && !isStale) return undefined
    const pauseMs = this.reading === undefined ? this.failedAt + READ_AGAIN_MS - clock.monotonic() : 0
    return {
      type: 'wait',
      until: clock.now() + (pauseMs > 0 ? Math.ceil(pauseMs) : READ_AGAIN_MS),
      ...(isUnread ? unreadWait(this.trouble) : READING_WAIT),
      ...(this.reading === undefined ? {} : { sooner: this.reading }),
    }
  }

  /** Ignores later results. */
  close(): void {
    this.closed = true
  }

  private async read(): Promise<void> {
    const { clock, log, proxies } = this.deps
    try {
      const list = await proxies.list()
      if (this.closed) return
      this.list = list
      this.readAt = clock.monotonic()
      if (this.trouble !== '') log.warn('The proxies can be read again.')
      this.trouble = ''
    } catch (error) {
      if (this.closed) return
      this.failedAt = clock.monotonic()
      const trouble = knownSecrets.redact(messageOf(error))
      if (trouble !== this.trouble) log.error(`The proxies could not be read: ${trouble}`)
      this.trouble = trouble
    }
  }
}

const READING_WAIT = {
  why: 'waits for the list of proxies, which is being read',
  reason: { why: 'reading' },
  // Usually over in a moment. A function that does not respond is logged as a failure.
  cause: null,
} as const

const unreadWait = (trouble: string) =>
  ({
    why: `waits for the list of proxies, which could not be read: ${trouble}`.slice(0, REASON_LIMIT),
    reason: { why: 'unread', trouble: trouble.slice(0, REASON_LIMIT) },
    cause: trouble,
  }) as const

/**
 * Source of the proxies: the configuration, a file that may change, or a function of the project.
 */
export interface ProxySource {
  /** False for a project without proxies. The source is then never read. */
  readonly configured: boolean
  /**
   * Returns the current proxies.
   * @throws `config-invalid` if a person must correct the configuration.
   * @throws every other error that prevents the reading.
   */
  list(): Promise<readonly Proxy[]>
}
