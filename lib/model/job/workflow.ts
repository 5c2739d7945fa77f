import { z } from 'zod'
import { ErrorRecord } from '../failure/error-record.ts'
import { JsonValue, Milliseconds } from '../json.ts'
import { Origin } from '../worker/worker-secrets.ts'
import { WorkflowDomains } from './domains.ts'
import { PhaseName } from './phase.ts'
import { RecoveryTable } from '../failure/recovery-table.ts'
import { ProxyPolicy } from '../proxy/proxy.ts'

export const WorkflowName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'a workflow name is lower case letters, digits and "-", at most 60')

export const ISOLATION_LEVELS = ['process', 'browser', 'context', 'page'] as const
export const Isolation = z.enum(ISOLATION_LEVELS)
/**
 * How much of a worker is new for each job. `process`: the process and its Chrome. `browser`: the Chrome. `context`: cookies, storage and pages, in a Chrome that is kept, with its clipboard. `page`: the page is wiped,
 * and a new context is made after anything seen that a wipe does not remove: another page or a worker, a document left in another process (mostly by a navigation to another site), a request that may
 * outlive its document and has no response, credentials of HTTP, client hints, changed settings, a failure. The open connections of the context stay, and a site can recognize them. A hostile page may
 * find another way: only the other levels give each job a context of its own.
 */
export type Isolation = z.infer<typeof Isolation>

/** Most workers one job can ask for. */
export const MAX_WORKERS_A_JOB = 64

/** When the workers of a job are done together, beside a target that is met. */
export const SwarmRules = z.object({
  /** So many of them must end well; of fewer workers all. */
  quorum: z.int().min(1).max(MAX_WORKERS_A_JOB),
  /** So long after its start an attempt ends with the best that was offered by then; null for no such limit. */
  deadlineMs: Milliseconds.nullable(),
})
export type SwarmRules = z.infer<typeof SwarmRules>

/** One worker that ends well is enough, and they have all the time that their phases have. */
export const USUAL_SWARM: SwarmRules = { quorum: 1, deadlineMs: null }

/** What the scheduler and the screens know of a workflow, without ever loading its code. */
export const WorkflowDescription = z.object({
  name: WorkflowName,
  /** One sentence for the operator. */
  summary: z.string(),
  file: z.string(),
  phases: z.array(z.object({ name: PhaseName, timeoutMs: Milliseconds })).min(1),
  /** Workers a job gets unless it says otherwise. */
  workers: z.int().min(1).max(MAX_WORKERS_A_JOB),
  isolation: Isolation,
  /** How often a failed job is tried again. */
  retries: z.int().nonnegative(),
  /** Starts again when it ends, as a service. */
  continuous: z.boolean(),
  hasTarget: z.boolean(),
  /** Most of its jobs at once; left out: as many as there is room for. */
  concurrency: z.exactOptional(z.int().positive()),
  /** Left out: nobody knows. */
  domains: z.exactOptional(WorkflowDomains),
  /** Left out: `USUAL_SWARM`. */
  swarm: z.exactOptional(SwarmRules),
  /** Its own answers to failures, as far as they are data. */
  recovery: z.exactOptional(RecoveryTable),
  proxy: ProxyPolicy,
  /** The origins of the sites whose credentials it is given; null for all of the project's. */
  credentials: z.array(Origin).nullable(),
  /** JSON Schema (draft 2020-12) of the input; forms and checks are built from it. */
  inputSchema: z.record(z.string(), JsonValue),
})
export type WorkflowDescription = z.infer<typeof WorkflowDescription>

/** A module in a workflows folder that could not be described, and why. */
export const BrokenWorkflow = z.object({ file: z.string(), error: ErrorRecord })
export type BrokenWorkflow = z.infer<typeof BrokenWorkflow>

/** Which module is broken and why; its file by a shorter name, such as seen from the project's folder. */
export function brokenWords(file: string, message: string, name = file): string {
  const text = message.replaceAll(file, () => name)
  return text.startsWith(name) ? text : `${name}: ${text}`
}
