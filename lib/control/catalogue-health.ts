import type { Clock } from '../core/time/clock.ts'
import { messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import { systemRemedy } from '../core/errors/system-remedy.ts'
import { LastingFailure } from './lasting-failure.ts'

export interface CatalogueHealthOptions {
  readonly clock: Clock
  readonly log: Log
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
  /**
   * Called with the reason and the remedy if the workflows cannot be read and none have been read
   * before.
   */
  readonly onFailing: (reason: string) => void
  /** Reads the workflows again. */
  readonly retry: () => void
}

/**
 * Tracks failures to read the workflows, and schedules the next try. Reading fails only because of
 * the machine, for example because no process can be started or a folder cannot be read. It is
 * therefore retried indefinitely, with growing pauses.
 */
export class CatalogueHealth {
  private readonly options: CatalogueHealthOptions
  private readonly failure: LastingFailure
  private cancelRetry: () => void = () => undefined

  constructor(options: CatalogueHealthOptions) {
    this.options = options
    this.failure = new LastingFailure(options.log, options.random)
  }

  /** Reason why the workflows cannot be read, with the remedy; undefined while they can. */
  get trouble(): string | undefined {
    return this.failure.problem
  }

  /** Cancels the scheduled retry, because the workflows are being read now. */
  begin(): void {
    this.cancelRetry()
  }

  /**
   * Records a failure, and schedules a retry. `known` is true if the workflows were read before, so
   * that jobs continue.
   */
  fail(cause: unknown, known: boolean): void {
    const { clock, onFailing, retry } = this.options
    const pauseMs = this.failure.fail(problemOf(cause, known), problem => {
      if (!known) onFailing(problem)
    })
    this.cancelRetry = clock.after(pauseMs, retry)
  }

  succeed(): void {
    this.failure.reset()
    this.failure.end('The workflows can be read again.')
  }

  /** Cancels the scheduled retry. */
  close(): void {
    this.cancelRetry()
  }
}

function problemOf(cause: unknown, known: boolean): string {
  const remedy = systemRemedy(cause)
  const effect = known
    ? 'Jobs continue with the workflows as they were last read.'
    : 'No job starts until the workflows can be read, and no job loses an attempt.'
  const reason = messageOf(cause).replace(/\.$/, '')
  return `The workflows could not be read: ${reason}. ${effect} ${remedy === undefined ? '' : `${remedy}. `}The scheduler retries automatically.`
}
