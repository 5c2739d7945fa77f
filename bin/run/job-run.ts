import type { Control } from '../../lib/control/control.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError, errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import { newId } from '../../lib/core/ids.ts'
import { jobEnded } from '../../lib/model/job/job.ts'
import type { Job, JobRequest, ClaimScope, JobState } from '../../lib/model/job/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { jobsWaiting } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import type { OpenProject } from '../open-project.ts'
import { onStopSignal } from '../shutdown-signals.ts'
import { readStore, withStore } from '../../lib/app/project/with-store.ts'
import type { StoreCalls } from '../../lib/app/project/with-store.ts'
import { followJob } from './follow-job.ts'
import type { JobListeners } from './follow-job.ts'
import type { Store } from '../../lib/store/store.ts'

export interface JobRunOptions {
  readonly project: Project
  readonly request: JobRequest
  readonly listeners: JobListeners
  /**
   * Called if another command has already queued a job with the key of the request. This run then
   * follows that job, which is passed.
   */
  readonly onKeyKnown: (job: Job) => void
  /**
   * Called with the job once it has ended, which may be before the jobs of other commands have
   * ended.
   */
  readonly onEnd: (job: Job) => void
}

/** The job of one "run" command, from its request to its end, over one or more sessions. */
export class JobRun {
  private readonly options: JobRunOptions
  /**
   * Id of the request, so that the job is queued only once. For a request that it has already
   * processed, the store returns the same job.
   */
  private readonly requestId = newId(systemClock.now())
  private job: { readonly id: number; readonly created: boolean } | undefined
  /** True if the last scheduler was the process of another "run", which no supervisor restarts. */
  afterRun = false
  private readonly cancelRequest = new AbortController()

  constructor(options: JobRunOptions) {
    this.options = options
  }

  /** Signal that aborts when the job is to be cancelled. */
  get cancelled(): AbortSignal {
    return this.cancelRequest.signal
  }

  /**
   * Requests the cancellation of the job. It is cancelled at once if it is being followed. Between
   * two sessions the caller must call `cancelLeft`.
   */
  cancel(): void {
    this.cancelRequest.abort()
  }

  /**
   * Cancels the job while no session is open, and returns it. If its scheduler has died, the job
   * may still be stored as running, and the next scheduler cancels it.
   * @throws An error with its remedy if the store cannot be opened.
   */
  async cancelLeft(): Promise<Job> {
    const { project, request, onEnd } = this.options
    const job = await withStore(project, async store => {
      // If the connection was lost before the reply to the request, the job may already be queued.
      this.job ??= await store.call('jobs.enqueue', request, { id: this.requestId })
      const { id } = this.job
      await store.call('jobs.cancel', { id }).catch((error: unknown) => {
        // The job has already ended by itself.
        if (errorCode(error) !== 'job-state') throw error
      })
      return store.call('jobs.read', { id })
    }).catch((error: unknown) => {
      throw this.job === undefined ? error : notCancelled(this.job.id, error)
    })
    if (job === null) throw new AutomateError('bug', 'The job was removed from the database.')
    onEnd(job)
    return job
  }

  /**
   * Queues the job if it is not queued yet, and schedules if no other process does. Resolves with
   * the job once it has ended; undefined if the scheduler of another process ended before the job.
   */
  async follow(session: OpenProject): Promise<Job | undefined> {
    const { store } = session
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => undefined)
    const cancel = () => {
      if (this.job !== undefined) void store.call('jobs.cancel', { id: this.job.id }).catch(failed.reject)
    }
    this.cancelled.addEventListener('abort', cancel)
    try {
      this.job ??= await this.enqueue(store)
      // The job may have been cancelled before it had an id.
      if (this.cancelled.aborted) cancel()
      return await this.end(session, this.job.id, failed.promise)
    } catch (error) {
      if (store.role === 'client' && errorCode(error) === 'store-closed') return undefined
      throw error
    } finally {
      this.cancelled.removeEventListener('abort', cancel)
    }
  }

  private async enqueue(store: Store) {
    const { request, onKeyKnown } = this.options
    const queued = await store.call('jobs.enqueue', request, { id: this.requestId })
    const holder = queued.created ? null : await store.call('jobs.read', { id: queued.id })
    if (holder !== null) onKeyKnown(holder)
    return queued
  }

  private async end(session: OpenProject, id: number, cancelFails: Promise<never>): Promise<Job | undefined> {
    const { project, listeners, onEnd } = this.options
    const { store } = session
    const followed = followJob(session, id, listeners)
    followed.catch(() => undefined)
    const control = await this.schedule(session, id)
    const end = await Promise.race([
      followed,
      cancelFails,
      ...(control === null ? [] : [control.replaced(), control.removed()]),
    ])
    if (end?.end === 'lost') {
      if (control !== null) throw schedulerEnded(id)
      this.afterRun = end.scoped
    }
    const read = (calls: StoreCalls) => calls.call('jobs.read', { id })
    // The store is opened again for this read if it belongs to another process, whose scheduler can
    // end at any time.
    const job = await (control === null ? readStore(project, read) : read(store))
    if (job === null) throw new AutomateError('bug', `Job ${id} was removed from the database.`)
    if (job.state === 'parked') throw parkedError(id, id)
    if (!jobEnded(job.state)) {
      if (end?.end === 'lost') return undefined
      throw replacedMeanwhile(id)
    }
    onEnd(job)
    if (control !== null) await finishOthers(session, control, wordsOf(project))
    return job
  }

  /**
   * Schedules if no other process does. If this fails, cancels the job if this run has created it,
   * because nothing would run it.
   */
  private async schedule(session: OpenProject, id: number): Promise<Control | null> {
    const isNew = this.job?.created === true
    try {
      return await session.schedule(await claimScope(session.store, id, isNew))
    } catch (error) {
      if (isNew) await session.store.call('jobs.cancel', { id })
      throw error
    }
  }
}

/**
 * Waits for the jobs of other commands that run in this process, however long they take, because an
 * interrupted job would have to run again. A stop signal interrupts them.
 */
async function finishOthers({ source }: OpenProject, control: Control, words: Catalogue): Promise<void> {
  const { commands } = words
  const { running } = source.current.counts
  if (running > 0) process.stderr.write(`${commands.othersRun(running)}\n`)
  const interrupted = Promise.withResolvers<undefined>()
  onStopSignal(() => interrupted.resolve(undefined))
  await Promise.race([control.drain({ unlimited: true }), interrupted.promise])
  notifyOthers(source.current, words)
}

/** Reports on stderr how many other jobs are still queued. */
function notifyOthers({ counts }: Snapshot, { commands }: Catalogue): void {
  const others = jobsWaiting(counts)
  if (others > 0) process.stderr.write(`${commands.othersWait(others)} ${commands.startScheduler}\n`)
}

function schedulerEnded(id: number): AutomateError {
  return new AutomateError(
    'store-closed',
    `The scheduler ended before job ${id} did. The next scheduler continues the job.`,
  )
}

function notCancelled(id: number, cause: unknown): AutomateError {
  return new AutomateError(
    errorCode(cause),
    `Job ${id} could not be cancelled and stays in the queue: ${messageOf(cause)} Cancel it later with "automate-tui cancel ${id}".`,
    { cause },
  )
}

function replacedMeanwhile(id: number): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `Another version of automate-tui was installed, or the package was removed, before job ${id} had ended. The job stays in the queue. To run it, start a scheduler with "automate-tui".`,
  )
}

/**
 * Returns the jobs that a scheduler for one job may claim: the job, the jobs that it waits for, and
 * the jobs that other commands queue from now on.
 * @throws `job-state` if the job or a job that it waits for is parked.
 */
async function claimScope(store: Store, id: number, isNew: boolean): Promise<ClaimScope> {
  const needed = new Map<number, JobState>()
  await addNeeded(store, id, needed)
  for (const [job, state] of needed) if (state === 'parked') throw parkedError(job, id)
  // If the job already existed, it may be older than other waiting jobs, so the scope begins after
  // the newest job.
  const [newest] = isNew ? [] : await store.call('jobs.list', { limit: 1 })
  return { from: newest === undefined ? id : newest.id + 1, also: [...needed.keys()] }
}

/** Adds a job, and all jobs that must end before it can start, to `needed`. */
async function addNeeded(store: Store, id: number, needed: Map<number, JobState>): Promise<void> {
  const job = await store.call('jobs.read', { id })
  if (job === null || needed.has(id)) return
  needed.set(id, job.state)
  for (const before of job.after) await addNeeded(store, before, needed)
}

function parkedError(parked: number, id: number): AutomateError {
  const waits = parked === id ? '' : `Job ${id} waits for job ${parked}. `
  return new AutomateError(
    'job-state',
    `${waits}Job ${parked} is parked because the scheduler crashed repeatedly while the job ran. Read the last lines of its logs (logs/<day>/workers/job_${parked}_…), then queue the job again with "automate-tui retry ${parked}".`,
  )
}
