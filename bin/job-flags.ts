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

/** Returns the request for a job as its flags ask for it. @throws `usage` for a flag that holds no such value. */
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

/** Parses an id from the command line. Thrown with code `usage`. */
export function parseJobId(text: string): number {
  const parsed = JobId.safeParse(parseWholeNumber(text))
  if (parsed.success) return parsed.data
  throw new AutomateError('usage', `"${text}" is no job number. "automate-tui jobs" lists them.`)
}

/** What the job asks of proxies, as a part of its request. */
function proxyPart({ proxy, proxyKey }: JobFlags): { proxy?: ProxyRequirement } {
  const requirement = parseProxyFlag(proxy, proxyKey)
  return requirement === undefined ? {} : { proxy: requirement }
}

/** The jobs that it waits for, as a part of its request. */
function afterPart({ after = [], ifFailed }: JobFlags): Pick<JobRequest, 'after' | 'afterFailure'> {
  const policy = ifFailed === undefined ? undefined : AfterFailure.safeParse(ifFailed)
  if (policy?.success === false) {
    throw new AutomateError(
      'usage',
      `--if-failed takes one of ${AfterFailure.options.join(', ')}, got "${ifFailed ?? ''}".`,
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
  throw new AutomateError('usage', `${name} takes a whole number, got "${text}".`)
}

/** Thrown with code `usage` for what is no number of workers of a job. */
export function workersFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = parseWholeNumber(text)
  if (value !== undefined && value >= 1 && value <= MAX_WORKERS_A_JOB) return value
  throw new AutomateError(
    'usage',
    `--workers takes a whole number from 1 to ${MAX_WORKERS_A_JOB}, got "${text}".`,
  )
}

/** The key that only one unfinished job may have. Thrown with code `usage` for what is none. */
function keyPart({ key }: JobFlags): { readonly uniqueKey?: string } {
  if (key === undefined) return {}
  if (key !== '' && key.length <= MAX_KEY_LENGTH) return { uniqueKey: key }
  throw new AutomateError('usage', `--key takes a text of 1 to ${MAX_KEY_LENGTH} characters.`)
}

/** Thrown with code `usage` for what is no priority. */
export function priorityFlag(text: string): number
export function priorityFlag(text: string | undefined): number | undefined
export function priorityFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const parsed = Job.shape.priority.safeParse(parseWholeNumber(text))
  if (parsed.success) return parsed.data
  const { min, max } = PRIORITY_RANGE
  throw new AutomateError('usage', `A priority is a whole number from ${min} to ${max}, got "${text}".`)
}
