import { MAX_COOL_DOWN_MS } from '../../model/proxy/proxy.ts'

/** Pause after the first failure. A proxy that restarts is back within this time. */
const FIRST_PAUSE_MS = 15_000

/**
 * Returns for how many milliseconds a proxy is not used after its failure number `streak` (1-based)
 * in a row.
 */
export function coolDownMs(streak: number): number {
  return Math.min(MAX_COOL_DOWN_MS, FIRST_PAUSE_MS * 2 ** (streak - 1))
}
