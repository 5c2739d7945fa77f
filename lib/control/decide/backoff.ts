/** The first retry comes soon: most failures of web pages are over in a second. */
const FIRST_DELAY_MS = 1_000

/** A page that has failed for this long is not helped by asking more often. */
const LONGEST_DELAY_MS = 5 * 60_000

/**
 * How long to wait before retry `failures` (1-based), doubling, with full jitter in its upper half so that the workers of one cause do not come
 * back together. `random` is in [0, 1).
 */
export function retryDelayMs(failures: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(delay / 2 + (delay / 2) * random)
}
