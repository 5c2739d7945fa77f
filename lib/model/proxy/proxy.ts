import { z } from 'zod'
import type { ErrorFacts } from '../../core/errors/errors.ts'
import { Instant } from '../json.ts'
import { ProxyId } from './proxy-address.ts'

/** A proxy that has been dead for this long is tried again now and then, at the cost of one job's time. */
export const MAX_COOL_DOWN_MS = 15 * 60_000

export const PROXY_ROTATIONS = ['round-robin', 'least-used', 'sticky'] as const
export const ProxyRotation = z.enum(PROXY_ROTATIONS)
export type ProxyRotation = z.infer<typeof ProxyRotation>

/** What a workflow says of proxies. */
export const ProxyPolicy = z.object({
  /** `never` goes out directly, `pool` takes one where the project has proxies, `required` fails where it has none. */
  use: z.enum(['never', 'pool', 'required']),
  /** Instead of the project's. */
  rotation: ProxyRotation.nullable(),
  /** The field of the input whose value is the key that a proxy sticks to. */
  stickyBy: z.string().nullable(),
})
export type ProxyPolicy = z.infer<typeof ProxyPolicy>

export const ANY_PROXY: ProxyPolicy = { use: 'pool', rotation: null, stickyBy: null }

/** What a job asks for beyond its workflow: `use` one proxy by its id or its address, any (`required`), or `never` one; `key` is what the proxy sticks to. */
export const ProxyRequirement = z.object({
  use: z.union([z.enum(['never', 'required']), ProxyId]).exactOptional(),
  key: z.string().min(1).max(200).exactOptional(),
})
export type ProxyRequirement = z.infer<typeof ProxyRequirement>

/**
 * Why a proxy does not work, where that is known: it `refuses` its credentials, or asks for some and has none (`no-login`); as a SOCKS proxy it does not admit this
 * machine; it is silent for the whole limit; it hangs up; it cannot be reached, with what the system says.
 */
export const ProxyFault = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['refuses', 'no-login', 'not-admitted', 'hangs-up']) }),
  z.object({ kind: z.literal('silent'), ms: z.int().positive() }),
  z.object({ kind: z.literal('unreachable'), why: z.string().max(300) }),
])
export type ProxyFault = z.infer<typeof ProxyFault>

/** What the facts of an error say of a proxy's fault. */
export const faultIn = ({ fault }: ErrorFacts): ProxyFault | null => ProxyFault.safeParse(fault).data ?? null

/**
 * Why a job waits for a proxy: their list is being read or could not be read, or of so many that it may have none can be used now, since all have failed (`cooling`) or the others have as
 * many workers as may be (`full`).
 */
export const ProxyWaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('reading') }),
  z.object({ why: z.literal('unread'), trouble: z.string() }),
  z.object({ why: z.enum(['cooling', 'full']), proxies: z.int().positive() }),
])
export type ProxyWaitReason = z.infer<typeof ProxyWaitReason>

/** How a proxy has done, as the store keeps it. */
export const ProxyHealth = z.object({
  id: ProxyId,
  successes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Failures since the last success. */
  streak: z.int().nonnegative(),
  /** Not used before this instant; null when it has not failed since its last success. */
  coolUntil: Instant.nullable(),
  /** How many workers it was given to, and when last. */
  uses: z.int().nonnegative(),
  lastUsedAt: Instant.nullable(),
  /** Why it failed last. */
  lastError: z.string().nullable(),
  /** The same as a code, where it is one. */
  lastFault: ProxyFault.nullable(),
})
export type ProxyHealth = z.infer<typeof ProxyHealth>

/** The health of a proxy that was never used. */
export function unusedProxy(id: ProxyId): ProxyHealth {
  return {
    id,
    successes: 0,
    failures: 0,
    streak: 0,
    coolUntil: null,
    uses: 0,
    lastUsedAt: null,
    lastError: null,
    lastFault: null,
  }
}

/** Whether a proxy has worked last, is left alone for a while after a failure, or is tried again. */
export function proxyState(
  { streak, coolUntil }: Pick<ProxyHealth, 'streak' | 'coolUntil'>,
  now: number,
): 'healthy' | 'cooling' | 'trial' {
  if (streak === 0) return 'healthy'
  return (coolUntil ?? 0) > now ? 'cooling' : 'trial'
}
