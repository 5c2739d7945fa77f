import { z } from 'zod'
import type { ErrorFacts } from '../../core/errors/errors.ts'
import { Instant } from '../json.ts'
import { ProxyId } from './proxy-address.ts'

/** Longest cool-down of a dead proxy. Each later try costs one job's time. */
export const MAX_COOL_DOWN_MS = 15 * 60_000

export const PROXY_ROTATIONS = ['round-robin', 'least-used', 'sticky'] as const
export const ProxyRotation = z.enum(PROXY_ROTATIONS)
export type ProxyRotation = z.infer<typeof ProxyRotation>

/** A workflow's requirements of proxies. */
export const ProxyPolicy = z.object({
  /**
   * `never` connects directly, `pool` uses a proxy if the project has any, `required` fails if the
   * project has no proxy.
   */
  use: z.enum(['never', 'pool', 'required']),
  /** Replaces the project's rotation. */
  rotation: ProxyRotation.nullable(),
  /** Input field with the key of a sticky proxy. */
  stickyBy: z.string().nullable(),
})
export type ProxyPolicy = z.infer<typeof ProxyPolicy>

export const ANY_PROXY: ProxyPolicy = { use: 'pool', rotation: null, stickyBy: null }

/**
 * A job's requirement beyond its workflow's. `use` is one proxy by its id or its address, any proxy
 * (`required`), or `never` a proxy. `key` is the key of a sticky proxy.
 */
export const ProxyRequirement = z.object({
  use: z.union([z.enum(['never', 'required']), ProxyId]).exactOptional(),
  key: z.string().min(1).max(200).exactOptional(),
})
export type ProxyRequirement = z.infer<typeof ProxyRequirement>

/**
 * Known fault of a proxy. The proxy `refuses` its credentials, or requires some and has none
 * (`no-login`), or rejects this machine as a SOCKS proxy, or is silent for the whole limit, or
 * closes the connection, or is unreachable, with the system's message.
 */
export const ProxyFault = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['refuses', 'no-login', 'not-admitted', 'hangs-up']) }),
  z.object({ kind: z.literal('silent'), ms: z.int().positive() }),
  z.object({ kind: z.literal('unreachable'), why: z.string().max(300) }),
])
export type ProxyFault = z.infer<typeof ProxyFault>

/** Returns a proxy's fault from the facts of an error. */
export const faultIn = ({ fault }: ErrorFacts): ProxyFault | null => ProxyFault.safeParse(fault).data ?? null

/**
 * Reason of a job's wait for a proxy. Either the list of proxies is being read or could not be
 * read, or all usable proxies have failed (`cooling`) or the others have their most workers
 * (`full`).
 */
export const ProxyWaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('reading') }),
  z.object({ why: z.literal('unread'), trouble: z.string() }),
  z.object({ why: z.enum(['cooling', 'full']), proxies: z.int().positive() }),
])
export type ProxyWaitReason = z.infer<typeof ProxyWaitReason>

/** Stored record of a proxy's use. */
export const ProxyHealth = z.object({
  id: ProxyId,
  successes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Failures since the last success. */
  streak: z.int().nonnegative(),
  /**
   * Instant before which the proxy is not used; null if the proxy has not failed since its last
   * success.
   */
  coolUntil: Instant.nullable(),
  /** Number of workers that received the proxy, and the last instant. */
  uses: z.int().nonnegative(),
  lastUsedAt: Instant.nullable(),
  /** Reason of its last failure. */
  lastError: z.string().nullable(),
  /** Code of the last failure, if known. */
  lastFault: ProxyFault.nullable(),
})
export type ProxyHealth = z.infer<typeof ProxyHealth>

/** Returns the health of a proxy that was never used. */
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

/** Returns a proxy's state: working, cooling down after a failure, or due for another try. */
export function proxyState(
  { streak, coolUntil }: Pick<ProxyHealth, 'streak' | 'coolUntil'>,
  now: number,
): 'healthy' | 'cooling' | 'trial' {
  if (streak === 0) return 'healthy'
  return (coolUntil ?? 0) > now ? 'cooling' : 'trial'
}
