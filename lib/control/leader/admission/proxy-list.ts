import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import type { Proxy } from '../../../model/proxy/proxy-address.ts'
import type { ProxyWaitReason } from '../../../model/proxy/proxy.ts'

/**
 * Pause after a failed reading. By then a file that was being written is complete. It also limits
 * how often a provider that is down is asked.
 */
const READ_AGAIN_MS = 10_000

/**
 * Age from which the list is not used, which is twice the interval at which a function is called.
 * The list is renewed sooner while jobs start. An older list is therefore from a time without jobs,
 * and its proxies may have expired.
 */
const STALE_AFTER_MS = 120_000

/** Maximum length of a job's wait reason, in characters. */
const REASON_LIMIT = 400

/** The reason why a job waits for a proxy, and the time until which it waits. */
export interface Wait {
  readonly type: 'wait'
  readonly until: number
  /** Predicate of the log line about the job, such as "waits for a proxy, because …". */
  readonly why: string
  readonly reason: ProxyWaitReason
  /**
   * Key of the cause of the wait. It stays the same as long as the cause does. `why` may change in
   * that time, because it can contain the remaining time. Null if nothing is logged.
   */
  readonly cause: string | null
  /** Resolves when the wait may end, which can be before `until`. */
  readonly sooner?: Promise<void>
}

export interface ProxyListDependencies {
  readonly clock: Clock
  readonly log: Log
  readonly proxies: ProxySource
}

/**
 * Reads the list of proxies outside the turns of the scheduler, because a function of the project
 * may take half a minute. Only jobs that need a proxy while no list is valid wait for a reading. A
 * list remains valid until it is stale, or for as long as readings fail.
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

  /** Proxies of the last successful reading. */
  get known(): readonly Proxy[] {
    return this.list
  }

  /**
   * Begins to read the list, unless a reading is running or has just failed. Resolves without
   * waiting for a slow reading. A list that can be read at once, such as the lines of a file, is
   * already valid then.
   */
  async refresh(): Promise<void> {
    const { clock } = this.deps
    if (clock.monotonic() - this.failedAt >= READ_AGAIN_MS)
      this.reading ??= this.read().finally(() => (this.reading = undefined))
    await Promise.race([this.reading, setImmediate()])
  }

  /** The wait of a job that needs a proxy now; undefined if a list is valid. */
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

  /** Ignores the results of readings that end later. */
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
  // The wait is usually over in a moment. If a function does not respond, that is logged as a
  // failure.
  cause: null,
} as const

const unreadWait = (trouble: string) =>
  ({
    why: `waits for the list of proxies, which could not be read: ${trouble}`.slice(0, REASON_LIMIT),
    reason: { why: 'unread', trouble: trouble.slice(0, REASON_LIMIT) },
    cause: trouble,
  }) as const

/**
 * Source of the proxies. It is the configuration, a file that may change, or a function of the
 * project.
 */
export interface ProxySource {
  /** False for a project without proxies. The source is then never read. */
  readonly configured: boolean
  /**
   * Returns the current proxies.
   * @throws `config-invalid` if a person must correct the configuration.
   * @throws any other error that prevents the reading.
   */
  list(): Promise<readonly Proxy[]>
}
