import { errorCode } from '../../lib/core/errors/errors.ts'
import { jobEnded } from '../../lib/model/job/job.ts'
import type { Store } from '../../lib/store/store.ts'
import { eventsBetween } from '../reporter/events.ts'
import type { PlainEvent } from '../reporter/plain-event.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'

export interface JobListeners {
  /** Receives the events of the job. */
  readonly event: (event: PlainEvent) => void
  readonly snapshot: (snapshot: Snapshot) => void
}

interface Followed {
  readonly store: Pick<Store, 'call'>
  readonly source: {
    readonly current: Snapshot
    subscribe(listener: (snapshot: Snapshot) => void): () => void
  }
}

/**
 * End of following a job. `ended` means that the job has ended or is parked, `lost` that the
 * scheduler ended before the job. `scoped` is true if that scheduler was the process of a "run",
 * which schedules only for its own job.
 */
export type JobEnd = { readonly end: 'ended' } | { readonly end: 'lost'; readonly scoped: boolean }

/**
 * Passes the events and snapshots of a job to the listeners. Resolves when the job has ended or is
 * parked, or when the scheduler has ended.
 * @throws The error of a read from the store.
 */
export function followJob({ store, source }: Followed, id: number, listeners: JobListeners): Promise<JobEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<JobEnd>()
  let last = source.current
  let scoped = false
  let over = false
  let reports = Promise.resolve()
  const finish = () => {
    over = true
    unsubscribe()
  }
  const report = async (received: Snapshot) => {
    if (over) return
    const snapshot = await withJob(store, received, id)
    for (const event of eventsBetween(last, snapshot))
      if ('job' in event && event.job === id) listeners.event(event)
    listeners.snapshot(received)
    last = snapshot
    scoped = snapshot.scheduler === null ? scoped : snapshot.scheduler.scope !== undefined
    const job = snapshot.jobs.find(one => one.id === id)
    const ended = job !== undefined && (jobEnded(job.state) || job.state === 'parked')
    if (!ended && snapshot.connection !== 'lost') return
    finish()
    resolve(ended ? { end: 'ended' } : { end: 'lost', scoped })
  }
  const unsubscribe = source.subscribe(snapshot => {
    reports = reports
      .then(() => report(snapshot))
      .catch((error: unknown) => {
        finish()
        reject(error)
      })
  })
  return promise
}

/**
 * Returns the snapshot with the job added if it is missing. A snapshot lists only running jobs and
 * the latest changes, so a job that ends while many others change can be missing.
 */
async function withJob(store: Pick<Store, 'call'>, snapshot: Snapshot, id: number): Promise<Snapshot> {
  const read = snapshot.connection === 'scheduling' || snapshot.connection === 'attached'
  if (!read || snapshot.jobs.some(job => job.id === id)) return snapshot
  try {
    const job = await store.call('jobs.summaries', { ids: [id] })
    return { ...snapshot, jobs: [...snapshot.jobs, ...job] }
  } catch (error) {
    // The connection is lost, which the next snapshot reports.
    if (errorCode(error) === 'store-closed') return snapshot
    throw error
  }
}
