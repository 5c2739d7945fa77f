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
 * Domains that the jobs of a workflow visit: always `names`, and also the domain of the address in
 * the input field `from`.
 */
export const WorkflowDomains = z.object({ names: z.array(Domain), from: z.string().nullable() })
export type WorkflowDomains = z.infer<typeof WorkflowDomains>

/**
 * Maximum number of simultaneous workers on a domain. `*` means each domain that has no limit of
 * its own; each is counted separately.
 */
export const DomainLimit = z.object({
  domain: z.union([Domain, z.literal('*')]),
  workers: z.int().positive(),
})
export type DomainLimit = z.infer<typeof DomainLimit>

/**
 * Longest pause of a domain. A domain that asks for a longer pause is still tried after this time,
 * because one request an hour does not burden it.
 */
export const MAX_PAUSE_MS = 3_600_000

/**
 * Maximum number of simultaneous pauses. A site can refuse pages on any number of sub-domains, and
 * each claim reads all pauses.
 */
export const MAX_PAUSES = 1_000

/**
 * Shortest extension of a pause that is stored and logged. If a domain refuses several workers at
 * the same time, each of them extends the pause a little.
 */
export const MIN_PROLONGED_MS = 1_000

/** Pause that a domain has asked for. It ends at `until`. */
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
 * Returns the domain of an address; undefined if the address is not an HTTP or HTTPS address
 * (`about:blank`).
 */
export function domainOf(address: string): Domain | undefined {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  // A dot at the end is the root of the DNS. The host is the same without it.
  return Domain.safeParse(url.hostname.replace(/\.$/, '')).data
}

export function isSubdomain(domain: string, whole: string): boolean {
  return domain === whole || domain.endsWith(`.${whole}`)
}

/** The parts of a workflow's description that determine the domain in a job's input. */
export interface InputDescription {
  readonly domains?: WorkflowDomains | undefined
  /** As in `WorkflowDescription`. */
  readonly inputSchema: Readonly<Record<string, Json>>
}

/**
 * Returns the domain of the address in the input field that the workflow names, or nothing. If the
 * input lacks the field, its default in the schema counts, because the workflow will visit that
 * address.
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
 * Cache of the pauses by domain, for each list of pauses, because hundreds of jobs are looked up in
 * the same list.
 */
const holdsByDomain = new WeakMap<readonly DomainPause[], ReadonlyMap<string, DomainPause>>()

function indexOf(holds: readonly DomainPause[]): ReadonlyMap<string, DomainPause> {
  const known = holdsByDomain.get(holds)
  if (known !== undefined) return known
  const index = new Map(holds.map(hold => [hold.domain, hold]))
  holdsByDomain.set(holds, index)
  return index
}

/** Returns the pauses of these domains and of their parents, ordered by the name of the domain. */
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
