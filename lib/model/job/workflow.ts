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
  .regex(
    /^[a-z][a-z0-9-]{0,59}$/,
    'a workflow name has at most 60 characters: lower-case letters, digits and "-"',
  )

export const ISOLATION_LEVELS = ['process', 'browser', 'context', 'page'] as const
export const Isolation = z.enum(ISOLATION_LEVELS)
/**
 * The part of a worker that is new for each job. `process`: the process and its Chrome. `browser`:
 * the Chrome. `context`: cookies, storage and pages; the Chrome and its clipboard are reused.
 * `page`: nothing is new, but the page is wiped.
 *
 * With `page`, a new context is created if the last job left anything that a wipe does not remove:
 * another page or a web worker, a document that remains in another process (mostly after a
 * navigation to another site), a request that has no response yet and may outlive its document,
 * HTTP credentials, client hints, changed settings, a pending call of the page, or a failure. Code
 * that continues after its job, such as a timer, gets an error for its later calls of the page. The
 * open connections of the context remain, and a site can recognize them. A hostile page may find
 * another way, because only the other levels give each job a context of its own.
 */
export type Isolation = z.infer<typeof Isolation>

/** Maximum number of workers of one job. */
export const MAX_WORKERS_A_JOB = 64

/** Conditions under which the workers of a job are done, in addition to a met target. */
export const SwarmRules = z.object({
  /** Number of workers that must succeed. If a job has fewer workers, all must succeed. */
  quorum: z.int().min(1).max(MAX_WORKERS_A_JOB),
  /**
   * Time after the start of an attempt at which the attempt ends with the best offer so far; null
   * for no limit.
   */
  deadlineMs: Milliseconds.nullable(),
})
export type SwarmRules = z.infer<typeof SwarmRules>

/** Default rules: one worker must succeed, and there is no deadline beyond those of the phases. */
export const USUAL_SWARM: SwarmRules = { quorum: 1, deadlineMs: null }

/**
 * Facts about a workflow. The scheduler and the screens use them, because they never load the
 * workflow's code.
 */
export const WorkflowDescription = z.object({
  name: WorkflowName,
  /** One sentence for the operator. */
  summary: z.string(),
  file: z.string(),
  phases: z.array(z.object({ name: PhaseName, timeoutMs: Milliseconds })).min(1),
  /** Number of workers of a job that does not request a number. */
  workers: z.int().min(1).max(MAX_WORKERS_A_JOB),
  isolation: Isolation,
  /** Number of retries of a failed job. */
  retries: z.int().nonnegative(),
  /** True if a job starts again after its end, as a service. */
  continuous: z.boolean(),
  hasTarget: z.boolean(),
  /** Maximum number of simultaneous jobs; omitted for no limit of the workflow's own. */
  concurrency: z.exactOptional(z.int().positive()),
  /** Omitted if unknown. */
  domains: z.exactOptional(WorkflowDomains),
  /** Omitted for `USUAL_SWARM`. */
  swarm: z.exactOptional(SwarmRules),
  /** The workflow's own recoveries from failures, as far as they are data and not functions. */
  recovery: z.exactOptional(RecoveryTable),
  proxy: ProxyPolicy,
  /**
   * Origins of the sites with HTTP credentials that the workflow gets; null for all sites of the
   * project.
   */
  credentials: z.array(Origin).nullable(),
  /** JSON Schema (draft 2020-12) of the input. Forms and checks are built from this schema. */
  inputSchema: z.record(z.string(), JsonValue),
})
export type WorkflowDescription = z.infer<typeof WorkflowDescription>

/** A module in a workflows folder that could not be described, and the error. */
export const BrokenWorkflow = z.object({ file: z.string(), error: ErrorRecord })
export type BrokenWorkflow = z.infer<typeof BrokenWorkflow>

/**
 * Returns the name of a broken module and the reason. `name` is shorter than the file, such as its
 * path in the project's folder, and replaces the file in the message.
 */
export function brokenWords(file: string, message: string, name = file): string {
  const text = message.replaceAll(file, () => name)
  return text.startsWith(name) ? text : `${name}: ${text}`
}
