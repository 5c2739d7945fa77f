import { z } from 'zod'
import type { ErrorFacts } from '../../core/errors/errors.ts'
import { Instant } from '../json.ts'
import { ProxyId } from './proxy-address.ts'

/** Maximum time for which a failed proxy is not used. Each later try costs a job some time. */
export const MAX_COOL_DOWN_MS = 15 * 60_000

export const PROXY_ROTATIONS = ['round-robin', 'least-used', 'sticky'] as const
export const ProxyRotation = z.enum(PROXY_ROTATIONS)
export type ProxyRotation = z.infer<typeof ProxyRotation>

/** Proxy settings of a workflow. */
export const ProxyPolicy = z.object({
  /**
   * `never` connects directly, `pool` uses a proxy if the project has any, `required` fails if the
   * project has no proxy.
   */
  use: z.enum(['never', 'pool', 'required']),
  /** Replaces the project's rotation; null to keep it. */
  rotation: ProxyRotation.nullable(),
  /** Input field with the key of a sticky proxy; null for none. */
  stickyBy: z.string().nullable(),
})
export type ProxyPolicy = z.infer<typeof ProxyPolicy>

export const ANY_PROXY: ProxyPolicy = { use: 'pool', rotation: null, stickyBy: null }

/**
 * Proxy requirement of a job, beyond that of its workflow. `use` is the id or the address of one
 * proxy, `required` for any proxy, or `never` for none. `key` is the key of a sticky proxy.
 */
export const ProxyRequirement = z.object({
  use: z.union([z.enum(['never', 'required']), ProxyId]).exactOptional(),
  key: z.string().min(1).max(200).exactOptional(),
})
export type ProxyRequirement = z.infer<typeof ProxyRequirement>

/**
 * Known fault of a proxy. `refuses`: it refuses its credentials. `no-login`: it requires
 * credentials and the project has none for it. `not-admitted`: a SOCKS proxy does not admit this
 * machine. `hangs-up`: it closes the connection. `silent`: it does not respond within the limit of
 * `ms`. `unreachable`: it cannot be reached; `why` is the system's message.
 */
export const ProxyFault = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['refuses', 'no-login', 'not-admitted', 'hangs-up']) }),
  z.object({ kind: z.literal('silent'), ms: z.int().positive() }),
  z.object({ kind: z.literal('unreachable'), why: z.string().max(300) }),
])
export type ProxyFault = z.infer<typeof ProxyFault>

/** Returns the fault of a proxy from the facts of an error; null if the facts contain none. */
export const faultIn = ({ fault }: ErrorFacts): ProxyFault | null => ProxyFault.safeParse(fault).data ?? null

/**
 * Reason why a job waits for a proxy. `reading`: the list of proxies is being read. `unread`: the
 * list could not be read. `cooling`: all usable proxies have failed and are cooling down. `full`:
 * the other usable proxies have as many workers as they may have.
 */
export const ProxyWaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('reading') }),
  z.object({ why: z.literal('unread'), trouble: z.string() }),
  z.object({ why: z.enum(['cooling', 'full']), proxies: z.int().positive() }),
])
export type ProxyWaitReason = z.infer<typeof ProxyWaitReason>

/** Stored record of how a proxy has worked. */
export const ProxyHealth = z.object({
  id: ProxyId,
  successes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Number of failures since the last success. */
  streak: z.int().nonnegative(),
  /**
   * Instant before which the proxy is not used; null if the proxy has not failed since its last
   * success.
   */
  coolUntil: Instant.nullable(),
  /** Number of workers that were given the proxy, and the last instant at which one was. */
  uses: z.int().nonnegative(),
  lastUsedAt: Instant.nullable(),
  /** Reason for the last failure; null if there was none. */
  lastError: z.string().nullable(),
  /** Last failure as a known fault; null if it was none of these. */
  lastFault: ProxyFault.nullable(),
})
export type ProxyHealth = z.infer<typeof ProxyHealth>

/** Returns the record of a proxy that was never used. */
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

/**
 * Returns the state of a proxy: it works (`healthy`), it is not used for a time after a failure
 * (`cooling`), or it is due for another try (`trial`).
 */
export function proxyState(
  { streak, coolUntil }: Pick<ProxyHealth, 'streak' | 'coolUntil'>,
  now: number,
): 'healthy' | 'cooling' | 'trial' {
  if (streak === 0) return 'healthy'
  return (coolUntil ?? 0) > now ? 'cooling' : 'trial'
}
