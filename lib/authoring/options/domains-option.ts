import { z } from 'zod'
import { Domain } from '../../model/job/domains.ts'
import type { WorkflowDomains } from '../../model/job/domains.ts'

const MUST =
  'must be a list of domains such as ["shop.example"], or { from: "url" } to name a field of the input'

/** Which domains a workflow's jobs visit, as its author writes it. */
export const DomainsOption = z.union(
  [z.array(Domain), z.strictObject({ from: z.string().min(1), also: z.array(Domain).optional() })],
  { error: MUST },
)
export type DomainsOption = z.infer<typeof DomainsOption>

export function workflowDomains(option: DomainsOption | undefined): WorkflowDomains | undefined {
  if (option === undefined) return undefined
  return Array.isArray(option)
    ? { names: option, from: null }
    : { names: option.also ?? [], from: option.from }
}
