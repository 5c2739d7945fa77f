import { dirname } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { messageOf, systemCode } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { systemRemedy } from '../../core/system-remedy.ts'
import { retryDelayMs } from '../backoff.ts'

/** A machine that recovers is used again within this time. */
const LONGEST_PAUSE_MS = 30_000

export interface ForkHealthOptions {
  readonly clock: Clock
  readonly log: Log
  /** In [0, 1); spreads retries. */
  readonly random: () => number
  /** Called when forks begin to fail, with the reason and the remedy. */
  readonly onFailing: (reason: string) => void
}

/**
 * Records whether worker processes can be started. A fork that fails because of the machine says nothing about its job, so no
 * job is claimed until a fork succeeds. One fork without a job tries that after growing pauses.
 */
export class ForkHealth {
  private readonly options: ForkHealthOptions
  private failures = 0
  private problem: string | undefined
  /** Time of the next try, by the monotonic clock; null while none is due or one runs. */
  private retry: number | null = null

  constructor(options: ForkHealthOptions) {
    this.options = options
  }

  /** Why no worker can be started, with the remedy; undefined while they can. */
  get trouble(): string | undefined {
    return this.problem
  }

  /** Time of the next try, by the monotonic clock; null while none is scheduled. */
  get retryAt(): number | null {
    return this.retry
  }

  /** Returns true once for each try that is due. */
  takeRetry(): boolean {
    if (this.retry === null || this.retry > this.options.clock.monotonic()) return false
    this.retry = null
    return true
  }

  /** Forks that fail together count once. */
  fail(cause: unknown): void {
    if (this.retry !== null) return
    const { clock, log, random, onFailing } = this.options
    this.failures++
    this.retry = clock.monotonic() + Math.min(LONGEST_PAUSE_MS, retryDelayMs(this.failures, random()))
    const before = this.problem
    this.problem = problemOf(cause)
    if (before !== undefined) return
    log.error(this.problem)
    onFailing(this.problem)
  }

  /** A process was started. The pause starts from the beginning only after one became ready: `ready`. */
  succeed(): void {
    this.retry = null
    if (this.problem === undefined) return
    this.problem = undefined
    this.options.log.warn('Worker processes can be started again: jobs start as before.')
  }

  /** A worker works. */
  ready(): void {
    this.failures = 0
  }
}

function problemOf(cause: unknown): string {
  const remedy = systemRemedy(cause)
  const next = 'The scheduler tries again by itself.'
  return `No worker process can be started: ${reasonOf(cause)}. No job starts until then, and none loses an attempt. ${remedy === undefined ? '' : `${remedy}. `}${next}`
}

/** Leaves out the path of a worker's file: it holds the worker's id, which would make each failure a different one. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('syscall' in cause) || !('path' in cause)) return messageOf(cause)
  const { syscall, path } = cause
  // The error of a spawn names the program, which is the same for all workers.
  const isSpawn = typeof syscall === 'string' && syscall.startsWith('spawn')
  return isSpawn || typeof path !== 'string'
    ? messageOf(cause)
    : `${systemCode(cause) ?? ''} in ${dirname(path)}`
}
