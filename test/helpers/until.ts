import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'

/** Long enough for a machine under load. A passing test never waits this long. */
export const PATIENT_MS = 60_000
const LOOK_EVERY_MS = 20

/**
 * Waits until `look` returns a value other than false, null or undefined, and resolves with the
 * value. Fails at the time limit with `what` and the last value.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  patienceMs = PATIENT_MS,
): Promise<NonNullable<Exclude<T, false>>> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (isFact(seen)) return seen
    if (performance.now() > giveUpAt) throw new Error(`Waited ${patienceMs} ms in vain for: ${what}`)
    await delay(LOOK_EVERY_MS, systemClock)
  }
}

function isFact<T>(seen: T): seen is NonNullable<Exclude<T, false>> {
  return seen !== undefined && seen !== null && seen !== false
}
