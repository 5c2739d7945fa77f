import type { ClaimLimits } from '../../../lib/control/decide/concurrency.ts'
import { decide } from '../../../lib/control/decide/decide.ts'
import { AdmissionControl } from '../../../lib/control/leader/admission/admission.ts'
import type { SchedulerView } from '../../../lib/control/decide/scheduler-view.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { DomainLimit } from '../../../lib/model/job/domains.ts'
import type { Store } from '../../../lib/store/store.ts'
import { RecentJobs } from '../../../lib/app/queries/recent-jobs.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import type { Competitor } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { BUSY_DOMAIN, fullQueue } from './full-queue.ts'

const SLOTS = 8
const DECISIONS = 100

function viewOf(claimable: SchedulerView['claimable'], limits: ClaimLimits): SchedulerView {
  return {
    mode: 'scheduling',
    urgent: false,
    writableSince: 0,
    slots: SLOTS,
    warm: 0,
    recycle: { jobs: 100, bytes: 1024 ** 3 },
    warmAfter: 0,
    workers: [],
    needs: new Map(),
    claimable,
    runs: [],
    limits,
  }
}

/**
 * Does the scheduler's work for one job without workers: reads the queue, decides, claims, and ends
 * the job.
 */
async function oneJob(store: Store, limits: AdmissionControl): Promise<void> {
  const now = systemClock.now()
  const lanes = await limits.openLanes(null, [], now)
  const [claimable] = await Promise.all([
    store.call('jobs.claimable', { limit: SLOTS + 1, ...(lanes === undefined ? {} : { lanes }) }),
    store.call('runs.news', {}),
  ])
  const { actions } = decide(viewOf(claimable, limits.limits(null)), { now, monotonic: now })
  const claim = actions.find(action => action.type === 'claim')
  if (claim === undefined) throw new AutomateError('result-invalid', 'Of a full queue nothing is claimed.')
  const job = await store.call('jobs.claim', { id: claim.jobId })
  if (job === null) throw new AutomateError('result-invalid', `Job ${claim.jobId} could not be claimed.`)
  await store.call('jobs.finish', { id: job.id, attempt: job.attempt, state: 'succeeded', result: null })
}

const keeper = (store: Store, domainWorkers: readonly DomainLimit[]) =>
  new AdmissionControl({ store, domainWorkers, log: new RecordingLog() })

/** Decides one job after the other in a queue of `jobs` jobs. */
export function decisions(jobs: number): Competitor {
  return {
    name: `${jobs} queued`,
    run: async ({ scratch }) => {
      const store = await fullQueue(scratch, jobs)
      const limits = keeper(store, [])
      const measurement = await timeEach(Math.min(DECISIONS, jobs), async () =>
        timed(() => oneJob(store, limits)),
      )
      await store.close()
      return measurement
    },
  }
}

/** Does the same while the half of the jobs that visits one domain is held back. */
export function heldDecisions(jobs: number): Competitor {
  return {
    name: `${jobs} queued, half held back`,
    run: async ({ scratch }) => {
      const store = await fullQueue(scratch, jobs)
      const refusal = { domain: BUSY_DOMAIN, status: 429, retryAfterMs: 3_600_000, jobId: null }
      await store.call('domains.pause', refusal)
      const limits = keeper(store, [])
      const count = Math.min(DECISIONS, Math.floor(jobs / 2))
      const measurement = await timeEach(count, async () => timed(() => oneJob(store, limits)))
      await store.close()
      return measurement
    },
  }
}

/** Reads the store as a console does at each poll. */
export function looks(jobs: number): Competitor {
  return {
    name: `${jobs} queued, a look of the console`,
    run: async ({ scratch }) => {
      const store = await fullQueue(scratch, jobs)
      const recentJobs = new RecentJobs(store, 200)
      const look = () =>
        Promise.all([
          recentJobs.read(),
          store.call('jobs.counts', {}),
          store.call('crashes.list', { limit: 200 }),
        ])
      const measurement = await timeEach(DECISIONS, () => timed(look))
      await store.close()
      return measurement
    },
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = systemClock.monotonic()
  await work()
  return systemClock.monotonic() - startedAt
}
