import { limitsOfWorkflows, workersOf, Capacity, pausesOf } from '../../control/decide/concurrency.ts'
import type { ClaimLimits, JobInUse, Shortfall } from '../../control/decide/concurrency.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { SchedulerDocument, WorkerDocument } from '../../model/worker/documents.ts'
import { domainOf } from '../../model/job/domains.ts'
import { jobWaits, CLAIMABLE_STATES, isInScope } from '../../model/job/job.ts'
import type { Job, JobSummary, ClaimScope } from '../../model/job/job.ts'
import type { JobBlocker } from '../../model/job/job-blocker.ts'
import { isBusy, usedSlots } from '../port/worker-slots.ts'
import { schedulerPhase } from '../port/scheduler-phase.ts'
import { readProjectState } from './project-state.ts'
import { isSchedulerStopped } from '../use-cases/queue-warning.ts'
import type { StoreCalls } from '../project/with-store.ts'
import type { MissingWorkflow } from '../../model/job/missing-workflow.ts'
import type { OutputOf } from '../../store/operations/index.ts'

const CLAIMABLE: ReadonlySet<string> = new Set(CLAIMABLE_STATES)

/** Maximum number of running jobs that are read, more than ever run at once. */
const MOST_RUNNING = 1_000

/**
 * Returns the reasons why a job is not running, from the store and from the documents of the
 * scheduler and its workers. `alone` is true if no scheduler runs.
 */
export async function waitsOf(
  paths: ProjectPaths,
  store: StoreCalls,
  alone: boolean,
  job: Job,
): Promise<JobBlocker[]> {
  if (!jobWaits(job.state)) return []
  const [state, paused, stored, holds, running] = await Promise.all([
    readProjectState(paths, store, alone),
    isSchedulerStopped(store),
    store.call('jobs.waits', { id: job.id }),
    store.call('domains.pauses', {}),
    store.call('jobs.list', { states: ['running'], limit: MOST_RUNNING }),
  ])
  const { scheduler, workers } = state
  const phase = alone ? 'stopped' : schedulerPhase(state)
  const limits: ClaimLimits = {
    ...limitsOfWorkflows(scheduler?.workflows ?? []),
    domains: scheduler?.domainWorkers ?? [],
    holds,
    proxies: proxyRoomOf(scheduler),
  }
  return explainPending(job, {
    now: systemClock.now(),
    phase: phase === 'scheduling' && paused ? 'paused' : phase,
    scope: scheduler?.scope,
    stored,
    missing: scheduler?.missing ?? [],
    limits,
    runs: running.map(one => inUse(one, workers, limits)),
    slots: scheduler === null ? null : { taken: usedSlots(scheduler, workers), most: scheduler.slots },
  })
}

/**
 * Returns how many more workers the proxies can take, and the workflows that use proxies; null if
 * the scheduler does not report it.
 */
function proxyRoomOf(scheduler: SchedulerDocument | null): ClaimLimits['proxies'] {
  if (scheduler?.proxyRoom === undefined) return null
  const through = scheduler.workflows.filter(({ proxy }) => proxy.use !== 'never').map(({ name }) => name)
  return { workers: scheduler.proxyRoom, moreAt: null, workflows: new Set(through) }
}

/**
 * Returns a running job with the domain that each of its workers is on. If no worker has reported
 * yet, counts all workers that the job will get.
 */
function inUse(job: JobSummary, workers: readonly WorkerDocument[], limits: ClaimLimits): JobInUse {
  const states = workers.filter(({ job: part }) => part?.jobId === job.id && part.attempt === job.attempt)
  const none = Array.from(
    { length: states.length === 0 ? workersOf(job, job.workers, limits) : 0 },
    () => null,
  )
  const domains = states.filter(isBusy).map(({ url }) => (url === null ? null : (domainOf(url) ?? null)))
  return { job, members: [...none, ...domains].map(domain => ({ outcome: null, domain })) }
}

/** Facts from which the blockers of jobs are determined, all from the same moment. */
export interface PendingContext {
  readonly now: number
  /** Phase of the scheduler; `stopped` if none runs. */
  readonly phase: SchedulerDocument['phase']
  /** Part of the queue from which the scheduler claims jobs; undefined for the whole queue. */
  readonly scope: ClaimScope | undefined
  readonly stored: OutputOf<'jobs.waits'>
  /** Workflows that cannot be loaded now. */
  readonly missing: readonly MissingWorkflow[]
  readonly limits: ClaimLimits
  readonly runs: readonly JobInUse[]
  /** Number of slots in use, and of all slots; null if unknown. */
  readonly slots: { readonly taken: number; readonly most: number } | null
}

type WaitingJob = Pick<
  JobSummary,
  'id' | 'state' | 'workflow' | 'workers' | 'domains' | 'dueAt' | 'schedulerDeaths'
>

/**
 * Returns the reasons why a waiting job is not running; empty if the job is running or has
 * finished. A lack of capacity is returned only if nothing else blocks the job.
 */
export function explainPending(job: WaitingJob, facts: PendingContext): JobBlocker[] {
  const { now, stored, limits, phase, scope, missing } = facts
  if (job.state === 'parked') return [{ for: 'retry-by-hand', deaths: job.schedulerDeaths }]
  if (!CLAIMABLE.has(job.state)) return []
  const waits: JobBlocker[] = [
    ...(phase === 'scheduling'
      ? []
      : [{ for: 'scheduler', phase: phase === 'stopped' ? 'none' : phase } as const]),
    ...(phase === 'stopped' || scope === undefined || isInScope(job.id, scope)
      ? []
      : [{ for: 'scope' } as const]),
    ...missing
      .filter(({ name }) => phase !== 'stopped' && name === job.workflow)
      .map(one => ({ for: 'workflow', ...one }) as const),
    ...(stored.after.length === 0 ? [] : [{ for: 'jobs', jobs: stored.after } as const]),
    ...(stored.account === null ? [] : [{ for: 'account', ...stored.account } as const]),
    ...(job.dueAt > now ? [{ for: 'due', at: job.dueAt, reason: deferredFor(stored) } as const] : []),
    ...pausesOf(job, limits)
      .filter(({ until }) => until > now)
      .map(({ domain, until, status }) => ({ for: 'pause', domain, until, status }) as const),
  ]
  return waits.length === 0 ? roomWaits(job, facts) : waits
}

/**
 * Returns the recorded reason why the job was deferred; null if the jobs or the account that it
 * waits for explain the deferral already.
 */
const deferredFor = ({ after, account, reason }: PendingContext['stored']) =>
  after.length > 0 || account !== null ? null : reason

function roomWaits(job: WaitingJob, { limits, runs, slots }: PendingContext): JobBlocker[] {
  const needs = workersOf(job, slots?.most ?? job.workers, limits)
  const lacks = new Capacity(limits, runs).lacks(job, needs).map(lackWait)
  if (lacks.length > 0 || slots === null || slots.taken + needs <= slots.most) return lacks
  return [{ for: 'slots', taken: slots.taken, slots: slots.most, needs }]
}

function lackWait({ of, name, used, most }: Shortfall): JobBlocker {
  switch (of) {
    case 'workflow':
      return { for: 'concurrency', workflow: name, running: used, most }
    case 'domain':
      return { for: 'domain', domain: name, workers: used, most }
    case 'proxies':
      return { for: 'proxies', workers: used, most }
  }
}
