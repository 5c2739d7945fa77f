import { MAX_COOL_DOWN_MS } from '../../model/proxy/proxy.ts'

/** A proxy that is being restarted is back by then. */
const FIRST_PAUSE_MS = 15_000

/** How long a proxy is left alone after its failure number `streak` (1-based) in a row. */
export function coolDownMs(streak: number): number {
  return Math.min(MAX_COOL_DOWN_MS, FIRST_PAUSE_MS * 2 ** (streak - 1))
}
