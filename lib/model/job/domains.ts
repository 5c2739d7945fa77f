import { z } from 'zod'
import type { Json } from '../../core/errors/errors.ts'
import { defaultsOf } from './input-defaults.ts'

/**
 * A host name without a port. A host below it (`www.shop.example` for `shop.example`) belongs to
 * the domain.
 */
export const Domain = z
  .string()
  .regex(
    /^(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/,
    'a domain is a host name such as "shop.example"',
  )
  .max(253)
export type Domain = z.infer<typeof Domain>

/**
 * Domains that the jobs of a workflow visit: `names` always, and the domain of the address in the
 * input field `from`.
 */
export const WorkflowDomains = z.object({ names: z.array(Domain), from: z.string().nullable() })
export type WorkflowDomains = z.infer<typeof WorkflowDomains>

/**
 * Most simultaneous workers on a domain. `*` means every domain that has no limit of its own, each
 * counted separately.
 */
export const DomainLimit = z.object({
  domain: z.union([Domain, z.literal('*')]),
  workers: z.int().positive(),
})
export type DomainLimit = z.infer<typeof DomainLimit>

/**
 * Longest pause. A domain that asks for more is still retried, because one request an hour costs it
 * nothing.
 */
export const MAX_PAUSE_MS = 3_600_000

/**
 * Most simultaneous pauses. Any number of sub-domains can refuse a page, and each claim reads the
 * pauses of all.
 */
export const MAX_PAUSES = 1_000

/**
 * Shortest extension that is written and logged. Several workers that a domain refuses at once each
 * prolong its pause a little.
 */
export const MIN_PROLONGED_MS = 1_000

/** A domain's request for a pause until an instant. */
export const DomainPause = z.object({
  domain: Domain,
  until: z.int(),
  /** HTTP status of the refusal. */
  status: z.int(),
  /** Number of refusals in a row. */
  streak: z.int().positive(),
})
export type DomainPause = z.infer<typeof DomainPause>

/**
 * Returns the domain of an address; undefined for an address without a host (`about:blank`, or none
 * at all).
 */
export function domainOf(address: string): Domain | undefined {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  // A dot at the end names the root of the DNS, so the host is the same.
  return Domain.safeParse(url.hostname.replace(/\.$/, '')).data
}

export function isSubdomain(domain: string, whole: string): boolean {
  return domain === whole || domain.endsWith(`.${whole}`)
}

/** The parts of a workflow's description that give the domains in a job's input. */
export interface InputDescription {
  readonly domains?: WorkflowDomains | undefined
  /** As in `WorkflowDescription`. */
  readonly inputSchema: Readonly<Record<string, Json>>
}

/**
 * Returns the domain in the input field that the workflow names. A missing field has the default of
 * the schema, because the workflow visits that address.
 */
export function domainInInput({ domains, inputSchema }: InputDescription, input: Json): Domain[] {
  const from = domains?.from ?? null
  if (from === null || typeof input !== 'object' || input === null || Array.isArray(input)) return []
  const given = Object.entries(input).find(([name]) => name === from)
  const value = given === undefined ? defaultsOf(inputSchema)[from] : given[1]
  const domain = typeof value === 'string' ? (domainOf(value) ?? Domain.safeParse(value).data) : undefined
  return domain === undefined ? [] : [domain]
}

/**
 * Pauses by domain for each list of pauses, because hundreds of jobs are looked up in the same
 * list.
 */
const holdsByDomain = new WeakMap<readonly DomainPause[], ReadonlyMap<string, DomainPause>>()

function indexOf(holds: readonly DomainPause[]): ReadonlyMap<string, DomainPause> {
  const known = holdsByDomain.get(holds)
  if (known !== undefined) return known
  const index = new Map(holds.map(hold => [hold.domain, hold]))
  holdsByDomain.set(holds, index)
  return index
}

/** Returns the pauses that concern one of these domains, ordered by name. */
export function pausesOn(domains: readonly string[], holds: readonly DomainPause[]): DomainPause[] {
  if (holds.length === 0) return []
  const index = indexOf(holds)
  const found = domains.flatMap(domain => wholesOf(domain).flatMap(whole => index.get(whole) ?? []))
  return [...new Set(found)].sort((a, b) => (a.domain < b.domain ? -1 : 1))
}

/** Returns a domain and its parents: `www.shop.example`, `shop.example`, `example`. */
function wholesOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}
