import { limitsOfWorkflows, workersOf } from '../../control/decide/concurrency.ts'
import type { ClaimLimits, JobInUse } from '../../control/decide/concurrency.ts'
import { explainPending } from './blockers.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { SchedulerDocument, WorkerDocument } from '../../model/worker/documents.ts'
import { domainOf } from '../../model/job/domains.ts'
import { jobWaits } from '../../model/job/job.ts'
import type { Job, JobSummary } from '../../model/job/job.ts'
import type { JobBlocker } from '../../model/job/job-blocker.ts'
import { isBusy, usedSlots } from '../port/worker-slots.ts'
import { schedulerPhase } from '../port/scheduler-phase.ts'
import { readProjectState } from './project-state.ts'
import { isSchedulerStopped } from '../use-cases/queue-warning.ts'
import type { StoreCalls } from '../project/with-store.ts'

/** More never run at once. */
const MOST_RUNNING = 1_000

/**
 * What keeps a job from its next attempt, as far as the store and the documents of the scheduler and its workers tell.
 * `alone`: no scheduler runs.
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

/** What the proxies leave to the workflows that go through them. */
function proxyRoomOf(scheduler: SchedulerDocument | null): ClaimLimits['proxies'] {
  if (scheduler?.proxyRoom === undefined) return null
  const through = scheduler.workflows.filter(({ proxy }) => proxy.use !== 'never').map(({ name }) => name)
  return { workers: scheduler.proxyRoom, moreAt: null, workflows: new Set(through) }
}

/** A job that runs with the workers that are at it; all that it gets, where none of them has said so yet. */
function inUse(job: JobSummary, workers: readonly WorkerDocument[], limits: ClaimLimits): JobInUse {
  const states = workers.filter(({ job: part }) => part?.jobId === job.id && part.attempt === job.attempt)
  const none = Array.from(
    { length: states.length === 0 ? workersOf(job, job.workers, limits) : 0 },
    () => null,
  )
  const domains = states.filter(isBusy).map(({ url }) => (url === null ? null : (domainOf(url) ?? null)))
  return { job, members: [...none, ...domains].map(domain => ({ outcome: null, domain })) }
}
