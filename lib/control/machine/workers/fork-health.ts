import { dirname } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf, systemCode } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { systemRemedy } from '../../../core/errors/system-remedy.ts'
import { LastingFailure } from '../../lasting-failure.ts'

export interface ForkHealthOptions {
  readonly clock: Clock
  readonly log: Log
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
  /** Called with the reason and the remedy when forks begin to fail. */
  readonly onFailing: (reason: string) => void
}

/**
 * Tracks failed forks of worker processes. A fork that fails because of the machine is not the
 * fault of its job, so no job is claimed until a fork succeeds. Until then, one fork without a job
 * is tried after growing pauses.
 */
export class ForkHealth {
  private readonly options: ForkHealthOptions
  private readonly failure: LastingFailure
  /** Time of the next try by the monotonic clock; null if none is planned or one is running. */
  private retry: number | null = null

  constructor(options: ForkHealthOptions) {
    this.options = options
    this.failure = new LastingFailure(options.log, options.random)
  }

  /**
   * Reason why no worker can be started, with the remedy; undefined while workers can be started.
   */
  get trouble(): string | undefined {
    return this.failure.problem
  }

  /** Time of the next try by the monotonic clock; null if none is planned. */
  get retryAt(): number | null {
    return this.retry
  }

  /** Returns true if a try is due, but only once for each try. */
  takeRetry(): boolean {
    if (this.retry === null || this.retry > this.options.clock.monotonic()) return false
    this.retry = null
    return true
  }

  /** Records a failed fork. Several forks that fail together count as one failure. */
  fail(cause: unknown): void {
    if (this.retry !== null) return
    const { clock, onFailing } = this.options
    this.retry = clock.monotonic() + this.failure.fail(problemOf(cause), onFailing)
  }

  /**
   * Records that a process has started. Does not shorten the next pause, which only `ready` does.
   */
  succeed(): void {
    this.retry = null
    this.failure.end('Worker processes can be started again, so jobs start again.')
  }

  /** Records that a worker has become ready, so that the next pause is the shortest. */
  ready(): void {
    this.failure.reset()
  }
}

function problemOf(cause: unknown): string {
  const remedy = systemRemedy(cause)
  const next = 'The scheduler retries automatically.'
  return `No worker process can be started: ${reasonOf(cause)}. No job starts until then, and no job loses an attempt. ${remedy === undefined ? '' : `${remedy}. `}${next}`
}

/**
 * Returns the message of a failure without the path of the worker's file. The path contains the
 * worker's id, so each failure would have a different message.
 */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('syscall' in cause) || !('path' in cause)) return messageOf(cause)
  const { syscall, path } = cause
  // The error of a spawn names the program, which is the same for all workers.
  const isSpawn = typeof syscall === 'string' && syscall.startsWith('spawn')
  return isSpawn || typeof path !== 'string'
    ? messageOf(cause)
    : `${systemCode(cause) ?? ''} in ${dirname(path)}`
}
