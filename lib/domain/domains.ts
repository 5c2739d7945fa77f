import { z } from 'zod'
import type { Json } from '../core/errors.ts'

/** A host name, without a port; one below it (`www.shop.example` for `shop.example`) belongs to it. */
export const Domain = z
  .string()
  .regex(
    /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$|^\[[0-9a-f:.]+\]$/,
    'a domain is a host name such as "shop.example"',
  )
  .max(253)
export type Domain = z.infer<typeof Domain>

/** Which domains the jobs of a workflow visit: always these, and that of the address in a field of the input. */
export const WorkflowDomains = z.object({ names: z.array(Domain), from: z.string().nullable() })
export type WorkflowDomains = z.infer<typeof WorkflowDomains>

/** Most workers at once on a domain; `*` stands for every domain that has no limit of its own, each by itself. */
export const DomainLimit = z.object({
  domain: z.union([Domain, z.literal('*')]),
  workers: z.int().positive(),
})
export type DomainLimit = z.infer<typeof DomainLimit>

/** A domain that asks for more is asked again all the same: once an hour costs it nothing. */
export const LONGEST_PAUSE_MS = 3_600_000

/** A domain has asked to be left alone until then. */
export const DomainHold = z.object({
  domain: Domain,
  until: z.int(),
  /** The status that it answered with. */
  status: z.int(),
  /** How often in a row it has asked. */
  streak: z.int().positive(),
})
export type DomainHold = z.infer<typeof DomainHold>

/** The domain of an address; undefined for what has none (`about:blank`, no address at all). */
export function domainOf(address: string): Domain | undefined {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  return Domain.safeParse(url.hostname).data
}

export function belongsTo(domain: string, whole: string): boolean {
  return domain === whole || domain.endsWith(`.${whole}`)
}

/** The domain in the field of a job's input that its workflow names. */
export function domainInInput(domains: WorkflowDomains | undefined, input: Json): Domain[] {
  const from = domains?.from ?? null
  if (from === null || typeof input !== 'object' || input === null || Array.isArray(input)) return []
  const value = Object.entries(input).find(([name]) => name === from)?.[1]
  const domain = typeof value === 'string' ? (domainOf(value) ?? Domain.safeParse(value).data) : undefined
  return domain === undefined ? [] : [domain]
}

/** The pauses that concern one of these domains. */
export const holdsOn = (domains: readonly string[], holds: readonly DomainHold[]): DomainHold[] =>
  holds.filter(hold => domains.some(domain => belongsTo(domain, hold.domain)))
