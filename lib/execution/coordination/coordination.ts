import type { Json } from '../../core/errors/errors.ts'
import type { Discovery } from '../../authoring/discovery.ts'
import type { OfferReply } from '../../authoring/phase-context.ts'
import type { PhaseControl } from '../phases/phase-control.ts'

export interface OnceLimits {
  /** Ends the wait. */
  readonly signal: AbortSignal
  /** Time limit of the worker that runs `fn` before another takes its place. */
  readonly leaseMs: number
  /**
   * True if the worker that runs `fn` retries it after a failure. Its error is then not final for
   * the others.
   */
  readonly triesAgain?: boolean
  /** Validity of the value, or the error; null: as long as the attempt. */
  readonly ttlMs?: number | null
  /**
   * Notifies when the worker that runs `fn` begins and ends a wait, so that its lease is paused.
   */
  readonly onPause?: PhaseControl['onPause']
  /**
   * Runs `work` with the caller's timeout paused, for at most `atMostMs`, because the timeout of
   * the worker that runs `fn` is paused, too.
   */
  readonly pauseFor?: (atMostMs: number, work: (signal: AbortSignal) => Promise<void>) => Promise<void>
  /** Waits for the store to accept the value, with the timeout of its finder paused. */
  readonly deliver?: <T>(sent: Promise<T>) => Promise<T>
  /**
   * Returns the root cause of an error of `fn`. The other workers fail with the same cause as the
   * worker that ran `fn`.
   */
  readonly reasonOf?: (thrown: unknown) => Promise<unknown>
  /** Retries by other workers if `fn` fails. */
  readonly retries?: number
}

/** Coordinates a worker with the others of its job. */
export interface Coordination {
  /**
   * Runs `fn` in one worker of the job; all workers receive its value, or its error. Rejects with
   * the signal's reason when it aborts.
   */
  once(key: string, fn: () => Promise<Json>, limits: OnceLimits): Promise<Discovery<Json>>
  /**
   * Offers a result; the best offer is retained. Rejects with code `fenced` if the job has
   * continued without this worker.
   */
  offer(result: Json): Promise<OfferReply>
}
