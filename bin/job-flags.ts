import { AutomateError } from '../lib/core/errors/errors.ts'
import type { Json } from '../lib/core/errors/errors.ts'
import { domainInInput } from '../lib/model/job/domains.ts'
import { AfterFailure, Job, JobId, MAX_KEY_LENGTH, PRIORITY_RANGE } from '../lib/model/job/job.ts'
import type { JobRequest } from '../lib/model/job/job.ts'
import type { ProxyRequirement } from '../lib/model/proxy/proxy.ts'
import { MAX_WORKERS_A_JOB } from '../lib/model/job/workflow.ts'
import type { WorkflowDescription } from '../lib/model/job/workflow.ts'
import { parseProxyFlag } from './proxy-flag.ts'
import { parseWholeNumber } from './whole-number.ts'

export interface JobFlags {
  readonly input: readonly string[]
  readonly inputFile?: string
  readonly workersOfJob?: string
  readonly priority?: string
  readonly key?: string
  readonly proxy?: string
  readonly proxyKey?: string
  readonly after?: readonly string[]
  readonly ifFailed?: string
}

/**
 * Returns the job request for a workflow, its input and the flags.
 * @throws `usage` if a flag has an invalid value.
 */
export function jobRequest(workflow: WorkflowDescription, input: Json, flags: JobFlags): JobRequest {
  return {
    workflow: workflow.name,
    input,
    domains: domainInInput(workflow, input),
    workers: workersFlag(flags.workersOfJob) ?? workflow.workers,
    priority: priorityFlag(flags.priority) ?? 0,
    retries: workflow.retries,
    origin: 'cli',
    ...keyPart(flags),
    ...proxyPart(flags),
    ...afterPart(flags),
  }
}

/**
 * Parses a job id from the command line.
 * @throws `usage` if the id is invalid.
 */
export function parseJobId(text: string): number {
  const parsed = JobId.safeParse(parseWholeNumber(text))
  if (parsed.success) return parsed.data
  throw new AutomateError('usage', `"${text}" is not a job number. "automate-tui jobs" lists the jobs.`)
}

/** Returns the part of the job request with the required proxy. */
function proxyPart({ proxy, proxyKey }: JobFlags): { proxy?: ProxyRequirement } {
  const requirement = parseProxyFlag(proxy, proxyKey)
  return requirement === undefined ? {} : { proxy: requirement }
}

/** Returns the part of the job request with the jobs to wait for. */
function afterPart({ after = [], ifFailed }: JobFlags): Pick<JobRequest, 'after' | 'afterFailure'> {
  const policy = ifFailed === undefined ? undefined : AfterFailure.safeParse(ifFailed)
  if (policy?.success === false) {
    throw new AutomateError(
      'usage',
      `--if-failed must be one of ${AfterFailure.options.join(', ')}, got "${ifFailed ?? ''}".`,
    )
  }
  return {
    ...(after.length === 0 ? {} : { after: after.map(parseJobId) }),
    ...(policy === undefined ? {} : { afterFailure: policy.data }),
  }
}

export function numberFlag(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = parseWholeNumber(text)
  if (value !== undefined) return value
  throw new AutomateError('usage', `${name} must be a whole number, got "${text}".`)
}

/**
 * Parses the number of workers of a job; undefined if the flag is absent.
 * @throws `usage` if the number is invalid.
 */
export function workersFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = parseWholeNumber(text)
  if (value !== undefined && value >= 1 && value <= MAX_WORKERS_A_JOB) return value
  throw new AutomateError(
    'usage',
    `--workers must be a whole number from 1 to ${MAX_WORKERS_A_JOB}, got "${text}".`,
  )
}

/**
 * Returns the part of the job request with its key, which no two unfinished jobs can share.
 * @throws `usage` if the key is invalid.
 */
function keyPart({ key }: JobFlags): { readonly uniqueKey?: string } {
  if (key === undefined) return {}
  if (key !== '' && key.length <= MAX_KEY_LENGTH) return { uniqueKey: key }
  throw new AutomateError('usage', `--key must have 1 to ${MAX_KEY_LENGTH} characters.`)
}

/**
 * Parses the priority of a job; undefined if the flag is absent.
 * @throws `usage` if the priority is invalid.
 */
export function priorityFlag(text: string): number
export function priorityFlag(text: string | undefined): number | undefined
export function priorityFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const parsed = Job.shape.priority.safeParse(parseWholeNumber(text))
  if (parsed.success) return parsed.data
  const { min, max } = PRIORITY_RANGE
  throw new AutomateError('usage', `A priority must be a whole number from ${min} to ${max}, got "${text}".`)
}
