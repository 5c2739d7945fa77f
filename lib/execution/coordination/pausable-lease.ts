import type { Clock } from '../../core/time/clock.ts'
import type { PauseListener } from '../phases/phase-control.ts'

/** A lease no shorter than this: a holder near its phase's limit still gets to say that it failed. */
export const SHORTEST_LEASE_MS = 1_000

/** Renews the lease of a holder that waits for somebody, so that nobody takes the turn meanwhile; what was left of it is left afterwards. */
export function pausableLease(
  leaseMs: number,
  clock: Clock,
  renew: (leaseMs: number, stands: boolean) => void,
): PauseListener {
  let restMs = leaseMs
  let since: number | null = clock.monotonic()
  return atMostMs => {
    if (since !== null) restMs = Math.max(SHORTEST_LEASE_MS, restMs - (clock.monotonic() - since))
    since = atMostMs === null ? clock.monotonic() : null
    renew(Math.ceil(restMs + (atMostMs ?? 0)), atMostMs !== null)
  }
}
