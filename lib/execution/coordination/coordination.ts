import type { Json } from '../../core/errors/errors.ts'
import type { Discovery } from '../../authoring/discovery.ts'
import type { OfferReply } from '../../authoring/phase-context.ts'
import type { PhaseControl } from '../phases/phase-control.ts'

export interface OnceLimits {
  /** Ends the wait. */
  readonly signal: AbortSignal
  /** How long the one that runs `fn` may take before another takes its place. */
  readonly leaseMs: number
  /** Whether the one that runs `fn` tries again when it fails: then its error is not the last word for the others. */
  readonly triesAgain?: boolean
  /** How long the value, or the error, holds; null: as long as the attempt. */
  readonly ttlMs?: number | null
  /** Hears when the one that runs `fn` waits for somebody, and when it goes on: its lease stands still meanwhile. */
  readonly onPause?: PhaseControl['onPause']
  /** Does `work`, for so long at most, while the time of the one that waits stands still, since that of the one that runs `fn` does. */
  readonly pauseFor?: (atMostMs: number, work: (signal: AbortSignal) => Promise<void>) => Promise<void>
  /** Waits for the store to take the value, without the time of the one that found it. */
  readonly deliver?: <T>(sent: Promise<T>) => Promise<T>
  /** The reason behind an error of `fn`: the others fail with it as the one that ran `fn` does. */
  readonly reasonOf?: (thrown: unknown) => Promise<unknown>
  /** How often another worker tries when `fn` fails. */
  readonly retries?: number
}

/** How a worker meets the others of its job. */
export interface Coordination {
  /** Runs `fn` in one worker of the job; all get its value, or its error. Rejects with the signal's reason when that aborts. */
  once(key: string, fn: () => Promise<Json>, limits: OnceLimits): Promise<Discovery<Json>>
  /** Proposes a result; the best one stays. Rejects with code `fenced` when the job has gone on without this worker. */
  offer(result: Json): Promise<OfferReply>
}
