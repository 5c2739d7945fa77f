import { z } from 'zod'
import type { Json } from '../../core/errors/errors.ts'
import { defaultsOf } from './input-defaults.ts'

/** A host name, without a port; one below it (`www.shop.example` for `shop.example`) belongs to it. */
export const Domain = z
  .string()
  .regex(
    /^(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/,
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
export const MAX_PAUSE_MS = 3_600_000

/**
 * Most pauses at once. A page can be refused by as many sub-domains as it invents, and each claim
 * reads the pauses of all.
 */
export const MAX_PAUSES = 1_000

/** Several workers that a domain refuses at once each prolong its pause a little: less than this is not worth a write or a line of the log. */
export const MIN_PROLONGED_MS = 1_000

/** A domain has asked to be left alone until then. */
export const DomainPause = z.object({
  domain: Domain,
  until: z.int(),
  /** The status that it answered with. */
  status: z.int(),
  /** How often in a row it has asked. */
  streak: z.int().positive(),
})
export type DomainPause = z.infer<typeof DomainPause>

/** The domain of an address; undefined for what has none (`about:blank`, no address at all). */
export function domainOf(address: string): Domain | undefined {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  // A dot at the end names the root of the DNS, and the host is the same.
  return Domain.safeParse(url.hostname.replace(/\.$/, '')).data
}

export function isSubdomain(domain: string, whole: string): boolean {
  return domain === whole || domain.endsWith(`.${whole}`)
}

/** What a workflow's description says of the domains in the input of its jobs. */
export interface InputDescription {
  readonly domains?: WorkflowDomains | undefined
  /** As in `WorkflowDescription`. */
  readonly inputSchema: Readonly<Record<string, Json>>
}

/**
 * Returns the domain in the field of a job's input that its workflow names. A field that is not given
 * has the default of the schema, because the workflow visits the address there.
 */
export function domainInInput({ domains, inputSchema }: InputDescription, input: Json): Domain[] {
  const from = domains?.from ?? null
  if (from === null || typeof input !== 'object' || input === null || Array.isArray(input)) return []
  const given = Object.entries(input).find(([name]) => name === from)
  const value = given === undefined ? defaultsOf(inputSchema)[from] : given[1]
  const domain = typeof value === 'string' ? (domainOf(value) ?? Domain.safeParse(value).data) : undefined
  return domain === undefined ? [] : [domain]
}

/** The pauses by their domains, for each list of them: hundreds of jobs are looked up in the same list. */
const holdsByDomain = new WeakMap<readonly DomainPause[], ReadonlyMap<string, DomainPause>>()

function indexOf(holds: readonly DomainPause[]): ReadonlyMap<string, DomainPause> {
  const known = holdsByDomain.get(holds)
  if (known !== undefined) return known
  const index = new Map(holds.map(hold => [hold.domain, hold]))
  holdsByDomain.set(holds, index)
  return index
}

/** Returns the pauses that concern one of these domains, in the order of their names. */
export function pausesOn(domains: readonly string[], holds: readonly DomainPause[]): DomainPause[] {
  if (holds.length === 0) return []
  const index = indexOf(holds)
  const found = domains.flatMap(domain => wholesOf(domain).flatMap(whole => index.get(whole) ?? []))
  return [...new Set(found)].sort((a, b) => (a.domain < b.domain ? -1 : 1))
}

/** Returns a domain and all that it belongs to: `www.shop.example`, `shop.example`, `example`. */
function wholesOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}
