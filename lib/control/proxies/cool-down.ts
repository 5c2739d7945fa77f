/** A proxy that is being restarted is back by then. */
const FIRST_PAUSE_MS = 15_000

/** One that has been dead for this long is asked again now and then, at the cost of one job's time. */
const LONGEST_PAUSE_MS = 15 * 60_000

/** How long a proxy is left alone after its failure number `streak` (1-based) in a row. */
export function coolDownMs(streak: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (streak - 1))
}
