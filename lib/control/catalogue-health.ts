import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { systemRemedy } from '../core/system-remedy.ts'
import { retryDelayMs } from './backoff.ts'

/** A machine that recovers is used again within this time. */
const LONGEST_PAUSE_MS = 30_000

export interface CatalogueHealthOptions {
  readonly clock: Clock
  readonly log: Log
  /** In [0, 1); spreads retries. */
  readonly random: () => number
  /** Called when the workflows cannot be read and none are known from before, with the reason and the remedy. */
  readonly onFailing: (reason: string) => void
  /** Reads the workflows again. */
  readonly retry: () => void
}

/**
 * Records whether the workflows can be read. A reading fails only because of the machine: no process can be started, or a folder cannot be read. So it is repeated without an
 * end, after growing pauses.
 */
export class CatalogueHealth {
  private readonly options: CatalogueHealthOptions
  private failures = 0
  private problem: string | undefined
  private forget: () => void = () => undefined

  constructor(options: CatalogueHealthOptions) {
    this.options = options
  }

  /** Why the workflows cannot be read, with the remedy; undefined while they can. */
  get trouble(): string | undefined {
    return this.problem
  }

  /** A reading begins: the one that was to come is this. */
  begin(): void {
    this.forget()
  }

  /** `known`: they were read before, so that jobs go on. */
  fail(cause: unknown, known: boolean): void {
    const { clock, log, random, onFailing, retry } = this.options
    this.failures++
    const pauseMs = Math.min(LONGEST_PAUSE_MS, retryDelayMs(this.failures, random()))
    this.forget = clock.after(pauseMs, retry)
    const before = this.problem
    this.problem = problemOf(cause, known)
    if (before !== undefined) return
    log.error(this.problem)
    if (!known) onFailing(this.problem)
  }

  succeed(): void {
    this.failures = 0
    if (this.problem === undefined) return
    this.problem = undefined
    this.options.log.warn('The workflows can be read again.')
  }

  /** No reading follows. */
  close(): void {
    this.forget()
  }
}

function problemOf(cause: unknown, known: boolean): string {
  const remedy = systemRemedy(cause)
  const effect = known
    ? 'Jobs go on with them as they were read last.'
    : 'No job starts until then, and none loses an attempt.'
  const reason = messageOf(cause).replace(/\.$/, '')
  return `The workflows could not be read: ${reason}. ${effect} ${remedy === undefined ? '' : `${remedy}. `}The scheduler tries again by itself.`
}
