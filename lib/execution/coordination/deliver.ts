import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import type { PhaseControl } from '../phases/phase-control.ts'
import type { PhaseWaits } from '../takeover/phase-waits.ts'

/**
 * Time after which people and the watchdog see that a worker waits for the scheduler. A scheduler
 * accepts a result within milliseconds, so a longer wait means that it is stopped or busy.
 */
const SHOWN_AFTER_MS = 1_000

/** Longest wait for the scheduler, for example while its machine is suspended. */
const DELIVERY_LIMIT_MS = 600_000

export interface Delivery {
  readonly interruption: PhaseControl
  readonly waits: PhaseWaits
  readonly clock: Clock
}

/**
 * Waits for the scheduler to accept a result of the author's code. The work is done, so the time
 * limit of its phase is paused, and finished work does not fail because the scheduler is stopped.
 * Rejects as `sent` does, and with code `wait-timeout` after `DELIVERY_LIMIT_MS`.
 */
export async function delivered<T>(
  sent: Promise<T>,
  what: string,
  { interruption, waits, clock }: Delivery,
): Promise<T> {
  const release = interruption.pause()
  const settled = new AbortController()
  const settle = () => settled.abort()
  sent.then(settle, settle)
  try {
    await delay(SHOWN_AFTER_MS, clock, settled.signal)
    if (settled.signal.aborted) return await sent
    const wait = { for: 'scheduler', what, timeoutMs: DELIVERY_LIMIT_MS } as const
    return await waits.during(wait, interruption, () => sent)
  } finally {
    release()
    waits.moveDeadline(interruption)
  }
}
