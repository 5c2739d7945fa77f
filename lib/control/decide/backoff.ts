/** The first retry comes soon, because most failures of web pages are over in a second. */
const FIRST_DELAY_MS = 1_000

/** Longer pauses do not help a page that has failed for this long. */
const LONGEST_DELAY_MS = 5 * 60_000

/**
 * Returns the delay before retry `failures` (1-based). The delay doubles, with full jitter in its
 * upper half, so that workers that failed for one cause do not return together. `random` is in [0,
 * 1).
 */
export function retryDelayMs(failures: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(delay / 2 + (delay / 2) * random)
}
