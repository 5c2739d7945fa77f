import { z } from 'zod'
import { durationMs, isDuration } from '../../core/time/duration.ts'
import type { Duration } from '../../core/time/duration.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { Origin } from '../../model/worker/worker-secrets.ts'
import { AccountRef } from '../../model/worker/account.ts'
import { Domain } from '../../model/job/domains.ts'
import type { WorkflowDomains } from '../../model/job/domains.ts'
import { describeIssues } from '../../model/issues.ts'
import type { ProxyPolicy } from '../../model/proxy/proxy.ts'
import { ISOLATION_LEVELS, MAX_WORKERS_A_JOB, USUAL_SWARM, WorkflowName } from '../../model/job/workflow.ts'
import type { Isolation, SwarmRules } from '../../model/job/workflow.ts'
import type { RecoveryTable } from '../../model/failure/recovery-table.ts'
import { ProxyOption, proxyPolicy } from './proxy-option.ts'
import type { SessionOptions } from './session-options.ts'
import { Rules, tableOf } from './recovery-rules.ts'
import type { RecoveryRules } from './recovery-rules.ts'

const MUST =
  'must be a list of domains such as ["shop.example"], or { from: "url" } to name a field of the input'

/** Options of `defineWorkflow`. */
export interface WorkflowOptions<I extends z.ZodType, R extends z.ZodType> {
  /** Name of the workflow: lower case letters, digits and "-"; unique in the project. */
  readonly name: string
  /** Description of the workflow for the operator, in one sentence. */
  readonly summary?: string
  /**
   * Schema of a job's input. The console's forms are made from it, and every input is checked with
   * it.
   */
  readonly input: I
  /** Schema of a job's result. It must describe JSON and have no transforms. */
  readonly result: R
  /** Number of workers of a job, unless the job asks for another number: 1 to 64. Default 1. */
  readonly workers?: number
  /**
   * Returns true if `a` is better than `b`. Default: the first result that was offered remains the
   * best.
   */
  readonly better?: (a: z.output<R>, b: z.output<R>) => boolean
  /**
   * Returns true if a result is good enough to stop all workers at once. Default: no result is. The
   * best of all results then counts, once the last worker has ended or the `deadline` has passed. A
   * worker that fails or dies does not end the others: see `quorum`.
   */
  readonly target?: (result: z.output<R>, input: z.output<I>) => boolean
  /**
   * Minimum number of a job's workers that must succeed: 1 to 64. A job with fewer workers needs
   * all of them. Default 1. Once so many workers have failed that the quorum cannot be reached, the
   * other workers are stopped, and the attempt fails with the gravest of the failures, even if
   * results were offered. A result that meets the target needs no quorum.
   */
  readonly quorum?: number
  /**
   * Time limit of a job's attempt, counted from its start, such as `'2m'`. When the deadline
   * passes, the workers are stopped and the best offer so far becomes the result. If there is no
   * offer, the attempt fails. The deadline is not paused during a wait for a person. Default: only
   * the phases have time limits.
   */
  readonly deadline?: Duration
  /**
   * Maximum number of jobs of this workflow that run at the same time. Default: limited only by the
   * available capacity.
   */
  readonly concurrency?: number
  /**
   * Domains that the jobs visit: a list, or the field of the input with the address, such as
   * `{ from: 'url' }`. Jobs are then held back before they start if the project's `domainWorkers`
   * or a site's own pause (429) requires it.
   */
  readonly domains?: DomainsOption
  /** Number of times that a failed job is retried, whatever the failure. Default 0. */
  readonly retries?: number
  /**
   * Recovery of failures that differs from the default: a table by code, or a function that
   * receives each failure.
   */
  readonly recovery?: RecoveryRules
  /**
   * Isolation between jobs on the same worker: which part of the worker is new for each job.
   * Default `process`.
   */
  readonly isolation?: Isolation
  /** Restarts the workflow whenever it ends, as a service. Default false. */
  readonly continuous?: boolean
  /**
   * Use of the project's proxies. `true` (the default) uses a proxy if the project has proxies.
   * `'required'` never runs a job without a proxy. `false` connects directly. In the object form,
   * `stickyBy` names a field of the input, and jobs with the same value in that field get the same
   * proxy.
   */
  readonly proxy?: ProxyOption
  /**
   * Origins of the sites for which the workflow needs credentials (HTTP authentication). Default:
   * all origins for which the project has credentials.
   */
  readonly credentials?: readonly string[]
  /**
   * Login that the phases need, saved per account. Not possible with the isolation `page`, which
   * keeps the state of the page.
   */
  readonly session?: SessionOptions<z.output<I>>
}

/** Checked options that are data, with defaults. */
export interface WorkflowFacts {
  readonly name: string
  readonly summary: string
  readonly workers: number
  readonly retries: number
  readonly isolation: Isolation
  readonly continuous: boolean
  readonly proxy: ProxyPolicy
  readonly credentials: readonly string[] | null
  /** Site and time limit of the login; null for a workflow without a login. */
  readonly session: { readonly site: string; readonly timeoutMs: number } | null
  /**
   * Recovery rules in the form of a table; undefined if the workflow has none, or has a function
   * instead.
   */
  readonly recovery: RecoveryTable | undefined
  readonly concurrency: number | undefined
  /** Undefined if the workflow has no rules for swarms. */
  readonly swarm: SwarmRules | undefined
  readonly domains: WorkflowDomains | undefined
}

/** Default time limit of a login, long enough for a slow site with redirects. */
const LOGIN_LIMIT = '60s'

const isFunction = (value: unknown) => typeof value === 'function'

const isSchema = (value: unknown) =>
  typeof value === 'object' && value !== null && 'safeParse' in value && isFunction(value.safeParse)

/** Domains that the jobs of a workflow visit, as its author writes them. */
const DomainsOption = z.union(
  [z.array(Domain), z.strictObject({ from: z.string().min(1), also: z.array(Domain).optional() })],
  { error: MUST },
)
type DomainsOption = z.infer<typeof DomainsOption>

const Checked = z.object({
  name: WorkflowName,
  summary: z.string().default(''),
  input: z.unknown().refine(isSchema, 'must be a zod schema, such as z.object({ … })'),
  result: z.unknown().refine(isSchema, 'must be a zod schema, such as z.object({ … })'),
  workers: z
    .int(`must be a whole number from 1 to ${MAX_WORKERS_A_JOB}`)
    .min(1, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .max(MAX_WORKERS_A_JOB, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .default(1),
  better: z.unknown().refine(isFunction, 'must be a function').optional(),
  target: z.unknown().refine(isFunction, 'must be a function').optional(),
  quorum: z
    .int('must be a whole number')
    .min(1, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .max(MAX_WORKERS_A_JOB, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .optional(),
  deadline: z
    .union([z.number(), z.string()])
    .refine(isDuration, 'must be a duration such as "2m"')
    .optional(),
  concurrency: z.int('must be a whole number').positive('must be 1 or more').optional(),
  domains: DomainsOption.optional(),
  retries: z.int().nonnegative().default(0),
  recovery: Rules.optional(),
  isolation: z.enum(ISOLATION_LEVELS).default('process'),
  continuous: z.boolean().default(false),
  proxy: ProxyOption.default(true),
  credentials: z.array(Origin, 'must be a list of origins such as ["https://shop.example"]').optional(),
  session: z
    .object({
      site: AccountRef.shape.site.optional(),
      account: z
        .unknown()
        .refine(isFunction, 'must be a function of the input that returns the account name'),
      login: z.unknown().refine(isFunction, 'must be the function that logs in'),
      check: z.unknown().refine(isFunction, 'must be a function').optional(),
      timeout: z
        .union([z.number(), z.string()])
        .refine(isDuration, 'must be a duration such as "60s"')
        .default(LOGIN_LIMIT),
    })
    .optional(),
})

/**
 * Checks the options at run time, because authors may write plain JavaScript, without types.
 * @throws `workflow-invalid` if an option is wrong.
 */
export function checkOptions(options: unknown): WorkflowFacts {
  const parsed = Checked.safeParse(options)
  if (parsed.success) {
    const {
      proxy,
      credentials = null,
      session,
      name,
      summary,
      workers,
      retries,
      isolation,
      continuous,
      recovery,
      concurrency,
      domains,
      quorum,
      deadline,
    } = parsed.data
    if (session !== undefined && isolation === 'page') throw pageKeepsLogins()
    return {
      name,
      summary,
      workers,
      retries,
      isolation,
      continuous,
      recovery: tableOf(recovery),
      concurrency,
      swarm: swarmRules(quorum, deadline),
      domains: workflowDomains(domains),
      proxy: proxyPolicy(proxy),
      credentials,
      session:
        session === undefined ? null : { site: session.site ?? name, timeoutMs: durationMs(session.timeout) },
    }
  }
  throw new AutomateError('workflow-invalid', `defineWorkflow: ${describeIssues(parsed.error)}.`)
}

function swarmRules(
  quorum: number | undefined,
  deadline: number | string | undefined,
): SwarmRules | undefined {
  if (quorum === undefined && deadline === undefined) return undefined
  const deadlineMs = deadline === undefined ? USUAL_SWARM.deadlineMs : Math.ceil(durationMs(deadline))
  return { quorum: quorum ?? USUAL_SWARM.quorum, deadlineMs }
}

const pageKeepsLogins = () =>
  new AutomateError(
    'workflow-invalid',
    'defineWorkflow: isolation: "page" cannot be combined with "session", because a login may leave data in the page that is not wiped. Use "context".',
  )

function workflowDomains(option: DomainsOption | undefined): WorkflowDomains | undefined {
  if (option === undefined) return undefined
  return Array.isArray(option)
    ? { names: option, from: null }
    : { names: option.also ?? [], from: option.from }
}
