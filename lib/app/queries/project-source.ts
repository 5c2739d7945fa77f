import type { z } from 'zod'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { CloseStack } from '../../core/lifetime/close-stack.ts'
import type { Log } from '../../core/log.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { SchedulerDocument, ServiceDocument, WorkerDocument } from '../../model/worker/documents.ts'
import { PagePreview } from '../../model/worker/page-preview.ts'
import { logFolders, startOfDay } from '../../files/logs/log-folders.ts'
import { tailLogs } from '../../files/logs/log-tail.ts'
import { watchDocuments } from '../../files/documents/watch-documents.ts'
import type { WatchOptions } from '../../files/documents/watch-documents.ts'
import type { Store, StoreOwner } from '../../store/store.ts'
import type { Picture, Snapshot } from '../port/snapshot.ts'
import { NOTHING_COUNTED } from '../port/snapshot.ts'
import { SilenceWatch, onlyBeat } from './heartbeat.ts'
import { RECENT_JOBS, RecentJobs } from './recent-jobs.ts'
import { unwrittenState } from './unwritten-state.ts'

/** Minimum interval between snapshots. A shorter one would not be visible on a screen. */
const COALESCE_MS = 50

/**
 * Minimum interval between reads of the store, which changes with every job. Each read costs as
 * much as a small job.
 */
const READ_STORE_EVERY_MS = 200

/** Maximum number of crashes in a snapshot. */
const CRASHES = 200

/** Maximum number of notices in a snapshot, more than can arrive between two snapshots. */
const NOTICES = 20
const SCHEDULE_RUNS = 100

export interface ProjectSource {
  readonly current: Snapshot
  /** Resolves with the first complete snapshot. */
  readonly ready: Promise<void>
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Resolves with a snapshot that includes everything committed before the call. */
  refresh(): Promise<Snapshot>
  close(): Promise<void>
}

export interface SourceOptions {
  /**
   * If false, `log` remains empty. Without a screen it would be wasteful to follow every file of
   * every worker.
   */
  readonly followLogs?: boolean
}

/**
 * Reads snapshots of a project: the live state from documents, jobs and crashes from the store, and
 * lines from the logs. Works the same whether or not this process schedules.
 */
export function readProject(
  store: Store,
  paths: ProjectPaths,
  clock: Clock,
  log: Log,
  { followLogs = true }: SourceOptions = {},
): ProjectSource {
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let forget: (() => void) | null = null
  let reading: Promise<void> | null = null
  let readAgain = false
  let readAt = -Infinity
  let forgetReading: (() => void) | null = null
  let closed = false
  const recentJobs = new RecentJobs(store, RECENT_JOBS)
  let snapshot: Snapshot = {
    at: clock.now(),
    root: paths.root,
    connection: 'connecting',
    problem: null,
    scheduler: null,
    silentMs: null,
    unwritten: null,
    services: [],
    workers: [],
    pictures: [],
    jobs: [],
    jobsSeq: 0,
    resurfacedJobs: new Set(),
    counts: NOTHING_COUNTED,
    crashes: [],
    schedules: [],
    scheduleRuns: [],
    notices: [],
    log: [],
  }

  let services: readonly ServiceDocument[] = []
  let workers: readonly WorkerDocument[] = []
  /** Returns the scheduler with its own services and workers. */
  const knownOf = (scheduler: SchedulerDocument | null) => ({
    scheduler,
    services: scheduler === null ? [] : services.filter(({ since }) => since >= scheduler.startedAt),
    workers: scheduler === null ? [] : workers.filter(worker => isOf(scheduler, worker)),
  })

  const change = (fields: Partial<Snapshot>) => {
    snapshot = { ...snapshot, ...fields, at: clock.now() }
    if (closed || forget !== null) return
    forget = clock.after(COALESCE_MS, () => {
      forget = null
      for (const listener of listeners) listener(snapshot)
    })
  }
  const readStore = async () => {
    while (readAgain && !closed) {
      readAgain = false
      readAt = clock.monotonic()
      const [jobs, counts, crashes, schedules, runs, notices] = await Promise.all([
        recentJobs.read(),
        store.call('jobs.counts', {}),
        store.call('crashes.list', { limit: CRASHES }),
        store.call('schedules.list', {}),
        store.call('schedules.runs', { limit: SCHEDULE_RUNS }),
        store.call('messages.recent', { channel: 'bell', limit: NOTICES }),
      ])
      const connection = store.role === 'scheduler' ? 'scheduling' : 'attached'
      const scheduleRuns = runs.reverse()
      const { seq: jobsSeq, resurfaced: resurfacedJobs } = recentJobs
      change({ jobs, jobsSeq, resurfacedJobs, counts, crashes, schedules, scheduleRuns, notices, connection })
    }
  }
  const readNow = (): Promise<void> => {
    forgetReading?.()
    forgetReading = null
    readAgain = true
    reading ??= readStore()
      .catch((error: unknown) => {
        if (!closed) log.warn(`The database could not be read: ${messageOf(error)}`)
      })
      .finally(() => {
        reading = null
      })
    return reading
  }
  const storeChanged = () => {
    if (closed) return
    const sinceMs = clock.monotonic() - readAt
    if (sinceMs >= READ_STORE_EVERY_MS) void readNow()
    else forgetReading ??= clock.after(READ_STORE_EVERY_MS - sinceMs, () => void readNow())
  }
  // Not needed for a scheduler of this process. It shares this thread, so this code would hang with
  // it.
  const silence =
    store.role === 'client' ? new SilenceWatch(clock, () => unwrittenState(store, paths.state), change) : null
  const onBroken = (path: string, error: Error) => log.warn(`${path}: ${error.message}`)
  const opened = new CloseStack()
  const readiness: Promise<void>[] = []
  const follow = <S extends z.ZodType>(
    folder: string,
    schema: S,
    onChange: WatchOptions<S>['onChange'],
  ): void => {
    const watch = watchDocuments({ folder, schema, onChange, onBroken, clock })
    opened.defer(() => watch.close())
    readiness.push(watch.ready)
  }
  const followAll = () => {
    follow(paths.workerStates, WorkerDocument, documents => {
      workers = [...documents.values()].sort(byJobAndMember)
      change(knownOf(snapshot.scheduler))
    })
    follow(paths.pictures, PagePreview, documents =>
      change({ pictures: [...documents.values()].map(picture) }),
    )
    follow(paths.serviceStates, ServiceDocument, documents => {
      services = [...documents.values()].sort(schedulerFirst)
      change(knownOf(snapshot.scheduler))
    })
    follow(paths.state, SchedulerDocument, documents => {
      const document = documents.get('scheduler')
      if (snapshot.connection === 'lost') return
      const scheduler = document !== undefined && isBy(store.owner, document) ? document : null
      silence?.onDocument(scheduler)
      if (!onlyBeat(snapshot.scheduler, scheduler)) change(knownOf(scheduler))
    })
    const tail = tailLogs({
      folders: () => (followLogs ? logFolders(paths, clock.now(), workers) : []),
      since: startOfDay(clock.now()).getTime(),
      clock,
    })
    opened.defer(() => tail.close())
    readiness.push(tail.ready)
    tail.subscribe(() => change({ log: tail.lines }))
  }
  try {
    followAll()
  } catch (error) {
    closed = true
    void opened.close()
    throw error
  }
  const unsubscribe = store.onChange(storeChanged)
  void store.closed.then(() => {
    silence?.onDocument(null)
    change({ connection: 'lost', ...knownOf(null) })
  })

  return {
    get current() {
      return snapshot
    },
    ready: Promise.all([...readiness, readNow()]).then(() => undefined),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async refresh() {
      await reading
      await readNow()
      return snapshot
    },
    async close() {
      closed = true
      unsubscribe()
      forget?.()
      forgetReading?.()
      silence?.close()
      await Promise.all([opened.close(), reading])
    },
  }
}

/**
 * True if the current owner of the store, which is the process that schedules, wrote the document.
 * Otherwise an earlier scheduler left it behind. The pid alone does not tell them apart, because it
 * may be in use again.
 */
const isBy = ({ pid, since }: StoreOwner, document: SchedulerDocument): boolean =>
  document.pid === pid && Math.max(document.startedAt, document.updatedAt) >= since

/**
 * True if a worker belongs to this scheduler and not to an earlier one, because workers end with
 * their scheduler. Compares with the earlier of the scheduler's times, because the clock may have
 * been set back since the scheduler started.
 */
const isOf = (scheduler: SchedulerDocument, worker: WorkerDocument): boolean =>
  Math.max(worker.startedAt, worker.updatedAt) >= Math.min(scheduler.startedAt, scheduler.updatedAt)

const picture = ({ workerId, at, page, width, height, pixels }: PagePreview): Picture => ({
  workerId,
  at,
  page,
  width,
  height,
  rgb: Buffer.from(pixels, 'base64'),
})

function byJobAndMember(a: WorkerDocument, b: WorkerDocument): number {
  // Workers without a job come after those with a job.
  if (a.job === null || b.job === null) {
    return Number(a.job === null) - Number(b.job === null) || a.startedAt - b.startedAt
  }
  return a.job.jobId - b.job.jobId || a.job.attempt - b.job.attempt || a.job.member - b.job.member
}

function schedulerFirst(a: ServiceDocument, b: ServiceDocument): number {
  if (a.name === b.name) return 0
  if (a.name === 'scheduler') return -1
  return b.name === 'scheduler' || a.name > b.name ? 1 : -1
}
