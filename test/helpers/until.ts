import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'

/** Long enough for a machine under load; a test that is right never waits for it. */
export const PATIENT_MS = 60_000
const LOOK_EVERY_MS = 20

/**
 * Waits until `look` gives something other than false, null or undefined, and resolves with it.
 * Fails when that does not happen in time, naming `what` was awaited and what was seen last.
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
