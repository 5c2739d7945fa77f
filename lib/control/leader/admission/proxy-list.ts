import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import type { Proxy } from '../../../model/proxy/proxy-address.ts'
import type { ProxyWaitReason } from '../../../model/proxy/proxy.ts'

/** A file that is being written is whole by then; a provider's service that is down is not asked more often. */
const READ_AGAIN_MS = 10_000

/**
 * Twice the time after which a function is called again. While jobs go out, the list is renewed
 * sooner; an older one is of a time when none did, and its proxies may have expired.
 */
const STALE_AFTER_MS = 120_000

/** Longest reason that a job is given for waiting. */
const REASON_LIMIT = 400

/** Why a job waits for a proxy, and for how long. */
export interface Wait {
  readonly type: 'wait'
  readonly until: number
  /** Predicate of the log's line. */
  readonly why: string
  readonly reason: ProxyWaitReason
  /**
   * The same for as long as the job waits for the same, while `why` may contain a remaining time. Null
   * where the log needs no line.
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
 * Reads the list of proxies beside the turns of the scheduler: a function of the project may take
 * half a minute, and only jobs that need a proxy while no list counts wait for it. The last list
 * counts while it is read again unless it is stale by then, and while reading it fails.
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

  /** The proxies as they were read last. */
  get known(): readonly Proxy[] {
    return this.list
  }

  /**
   * Begins to read the list, unless that is under way or failed a short while ago. Resolves at once;
   * an answer that needs no wait, such as the lines of a file, counts by then.
   */
  async refresh(): Promise<void> {
    const { clock } = this.deps
    if (clock.monotonic() - this.failedAt >= READ_AGAIN_MS)
      this.reading ??= this.read().finally(() => (this.reading = undefined))
    await Promise.race([this.reading, setImmediate()])
  }

  /** Returns the wait of a job that needs a proxy while no list counts; undefined where one does. */
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

  /** Takes in no more answers. */
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
  // Usually over in a moment. A function that does not respond is logged as one that failed.
  cause: null,
} as const

const unreadWait = (trouble: string) =>
  ({
    why: `waits for proxies, which could not be read: ${trouble}`.slice(0, REASON_LIMIT),
    reason: { why: 'unread', trouble: trouble.slice(0, REASON_LIMIT) },
    cause: trouble,
  }) as const

/** Where the pool's proxies come from: the configuration, a file that may change, or a function of the project's. */
export interface ProxySource {
  /** False for a project without proxies: nothing is then asked of it. */
  readonly configured: boolean
  /** The proxies there are now. Thrown: whatever keeps them from being read, with code `config-invalid` where a person must put it right. */
  list(): Promise<readonly Proxy[]>
}
