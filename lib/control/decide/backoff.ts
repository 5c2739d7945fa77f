/**
 * Delay before the first retry. It is short, because most failures of web pages are over within a
 * second.
 */
const FIRST_DELAY_MS = 1_000

/** Longest delay. Waiting longer does not help a page that has failed for this long. */
const LONGEST_DELAY_MS = 5 * 60_000

/**
 * Returns the delay before retry `failures` (1-based), in milliseconds. The delay doubles with each
 * retry, and its upper half is random (equal jitter), so that workers that failed for the same
 * reason do not retry together. `random` is at least 0 and less than 1.
 */
export function retryDelayMs(failures: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(delay / 2 + (delay / 2) * random)
}
