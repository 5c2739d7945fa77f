import type { Json } from '../../core/errors/errors.ts'
import type { Discovery } from '../../authoring/discovery.ts'
import type { OfferReply } from '../../authoring/phase-context.ts'
import type { PhaseControl } from '../phases/phase-control.ts'

export interface OnceLimits {
  /** Ends the wait for the value. */
  readonly signal: AbortSignal
  /** Longest time that a worker may run `fn` before another worker runs it instead. */
  readonly leaseMs: number
  /**
   * True if the worker that runs `fn` retries it after a failure. Its error is then not final for
   * the others.
   */
  readonly triesAgain?: boolean
  /** Validity of the value, or of the error, in ms; null if it lasts until the attempt ends. */
  readonly ttlMs?: number | null
  /**
   * Adds a listener for the start and the end of each wait of the worker that runs `fn`, so that
   * its lease is paused during a wait.
   */
  readonly onPause?: PhaseControl['onPause']
  /**
   * Runs `work` with the caller's timeout paused, for at most `atMostMs`, because the timeout of
   * the worker that runs `fn` is paused, too.
   */
  readonly pauseFor?: (atMostMs: number, work: (signal: AbortSignal) => Promise<void>) => Promise<void>
  /**
   * Waits for the store to accept the value, with the timeout of the worker that found it paused.
   */
  readonly deliver?: <T>(sent: Promise<T>) => Promise<T>
  /**
   * Returns the root cause of an error of `fn`, so that the other workers fail with the same cause
   * as the worker that ran `fn`.
   */
  readonly reasonOf?: (thrown: unknown) => Promise<unknown>
  /** Maximum number of retries of `fn` by other workers after it has failed. */
  readonly retries?: number
}

/** Coordinates a worker with the others of its job. */
export interface Coordination {
  /**
   * Runs `fn` in one worker of the job; all workers receive its value, or its error. Rejects with
   * the signal's reason when the signal aborts.
   */
  once(key: string, fn: () => Promise<Json>, limits: OnceLimits): Promise<Discovery<Json>>
  /**
   * Offers a result; the best offer is retained. Rejects with code `fenced` if the job has
   * continued without this worker.
   */
  offer(result: Json): Promise<OfferReply>
}
