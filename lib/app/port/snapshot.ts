import type { Json } from '../../core/errors/errors.ts'
import type { CrashSummary } from '../../model/failure/crash.ts'
import type {
  MemberRef,
  SchedulerDocument,
  ServiceDocument,
  WorkerDocument,
} from '../../model/worker/documents.ts'
import type { JobState, JobSummary } from '../../model/job/job.ts'
import type { LogLine } from '../../model/log-line.ts'
import type { Schedule, ScheduleRun, ScheduleSpec } from '../../model/schedule/schedule.ts'
import type { Delivery } from '../../model/notify/outbox-message.ts'
import type { Notification } from '../../model/notify/notification.ts'
import type { ShownPage } from '../../model/worker/page-preview.ts'
import type { RowKey, TableQuery } from '../../model/table.ts'
import type { Answer, PageKey } from '../../model/worker/worker-command.ts'
import type { Language } from '../../locales/language.ts'
import type { SeenRow } from './database.ts'
import type { Lookup, LookupAnswer } from './lookup.ts'

/**
 * Contents of a screen, read at one moment. Does not depend on the process in which the scheduler
 * runs, here or elsewhere on the machine.
 */
export interface Snapshot {
  readonly at: number
  /** The project's folder. */
  readonly root: string
  /**
   * `scheduling` in the process that owns the scheduler, `attached` to another process, `lost` if
   * that process has ended.
   */
  readonly connection: 'connecting' | 'scheduling' | 'attached' | 'lost'
  /**
   * Reason why the scheduler of this process could not start, with the remedy; null if it could.
   */
  readonly problem: string | null
  readonly scheduler: SchedulerDocument | null
  /**
   * Silence of the scheduler of another process, once above the limit; null while the scheduler
   * responds.
   */
  readonly silentMs: number | null
  /**
   * Reason why the scheduler of another process responds but cannot write its state, so that the
   * displayed state may be old; null while it can.
   */
  readonly unwritten: string | null
  /** Services in a fixed order: the scheduler first, then by name. */
  readonly services: readonly ServiceDocument[]
  /** Living workers and workers that ended a moment ago, by job, then member. */
  readonly workers: readonly WorkerDocument[]
  /** Pages that are viewed now. */
  readonly pictures: readonly Picture[]
  /** All running jobs and a bounded number of others, with the last change first. */
  readonly jobs: readonly JobSummary[]
  /**
   * The `seq` of the newest change of a job. Each change raises it by one, so that a reader knows
   * how many changes `jobs` may lack.
   */
  readonly jobsSeq: number
  /** Jobs of `jobs` that did not change, but are listed because newer jobs were removed. */
  readonly resurfacedJobs: ReadonlySet<number>
  readonly counts: Readonly<Record<JobState, number>>
  /** Crashes, newest first; a bounded number. */
  readonly crashes: readonly CrashSummary[]
  /** Schedules by name. */
  readonly schedules: readonly Schedule[]
  /** Recent results of due times, oldest first; a bounded number. */
  readonly scheduleRuns: readonly ScheduleRun[]
  /** Recent notices of the bell, oldest first; a bounded number. */
  readonly notices: readonly TellingNotice[]
  /** Newest few hundred lines of all logs, merged, oldest first. */
  readonly log: readonly LogLine[]
}

/** A notice that consoles ring for. */
export interface TellingNotice {
  /** Number that rises with each notice. */
  readonly id: number
  readonly at: number
  readonly notice: Notification
}

/** Small picture of a worker's page: three bytes a pixel, row by row. */
export interface Picture {
  readonly workerId: string
  readonly at: number
  readonly page: ShownPage
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/**
 * Commands of the operator. A command is stored as a desired state, and the scheduler applies it in
 * its process.
 */
export type OperatorCommand =
  | { readonly type: 'service.start' | 'service.stop' | 'service.restart'; readonly name: string }
  | { readonly type: 'job.cancel' | 'job.retry'; readonly id: number }
  | { readonly type: 'jobs.cancel' | 'jobs.retry'; readonly ids: readonly number[] }
  /**
   * Changes the priority of waiting jobs by a number of steps, within the range. The result has the
   * new priorities.
   */
  | { readonly type: 'jobs.prioritise'; readonly ids: readonly number[]; readonly by: number }
  /** Queues a job. Its input is checked again by the workflow's own description. */
  | { readonly type: 'job.start'; readonly workflow: string; readonly input: Json }
  /** Queues the job of a schedule now. */
  | { readonly type: 'schedule.run'; readonly name: string }
  | { readonly type: 'schedule.pause'; readonly name: string; readonly paused: boolean }
  /** Creates a schedule or, with `replace`, replaces the schedule of its name. */
  | { readonly type: 'schedule.put'; readonly schedule: ScheduleSpec; readonly replace: boolean }
  | { readonly type: 'schedule.remove'; readonly name: string }
  /** Queues all failed and parked jobs again. */
  | { readonly type: 'jobs.retry-dead' }
  /** Stores the operator's language for the next start. */
  | { readonly type: 'language.choose'; readonly language: Language }
  /** Writes a text to a file in the day's logs. The result has its path. */
  | { readonly type: 'text.save'; readonly name: 'log' | 'line' | 'result'; readonly text: string }
  /**
   * Ends workers with their browsers at once, without a request to stop. A worker that has ended
   * this part is not touched.
   */
  | { readonly type: 'workers.kill'; readonly parts: readonly RunningPart[] }
  | WorkerOperatorCommand
  | TableCommand
  /** Sends a test message on a channel without its queue. The result has the delivery. */
  | { readonly type: 'notify.test'; readonly channel: string }
  /** Writes a crash with its logs and picture to a zip without secrets. The result has its path. */
  | { readonly type: 'crash.bundle'; readonly id: number }
  | { readonly type: 'take-over' }
  | { readonly type: 'quit'; readonly mode: 'drain' | 'now' | 'restart' }

/**
 * Work of a worker. The worker's name is not enough, because a reused worker has other jobs later.
 */
export type RunningPart = Pick<MemberRef, 'workerId' | 'jobId' | 'attempt'>

/** Changes of the operator to the rows of a table. Values are as they were typed; null for none. */
export type TableCommand =
  | { readonly type: 'rows.insert'; readonly table: string; readonly values: TypedValues }
  | {
      readonly type: 'rows.change'
      readonly table: string
      readonly rows: readonly SeenRow[]
      readonly values: TypedValues
    }
  | { readonly type: 'rows.remove'; readonly table: string; readonly keys: readonly RowKey[] }
  /** Writes all rows of a query to a file. The result has its path. */
  | { readonly type: 'rows.export'; readonly query: TableQuery; readonly format: 'csv' | 'json' }

type TypedValues = Readonly<Record<string, string | null>>

/** Wait in which the operator acts, and the id of the page that was displayed. */
export interface InputPlace {
  readonly waitingId: number
  readonly page: string
}

/** Orders of the operator to one worker. Places are shares of the visible part of its page. */
export type WorkerOperatorCommand = { readonly workerId: string } & (
  | { readonly type: 'worker.pause' }
  /** Closes the held browser of a failure. */
  | { readonly type: 'worker.close' }
  | {
      readonly type: 'worker.answer'
      readonly waitingId: number
      readonly answer: Answer
      readonly reason: string
      /** Values that the person gave, with `resume`. The worker's own schema has accepted them. */
      readonly told?: Readonly<Record<string, Json>>
    }
  /**
   * Requests a picture of at most this size, until the request is not repeated for some seconds.
   */
  | { readonly type: 'worker.look'; readonly columns: number; readonly rows: number }
  | ({ readonly type: 'worker.click'; readonly x: number; readonly y: number } & InputPlace)
  | ({ readonly type: 'worker.key'; readonly key: PageKey } & InputPlace)
  | ({ readonly type: 'worker.text'; readonly text: string } & InputPlace)
)

export type CommandResult = Done | { readonly ok: false; readonly message: string }

/**
 * A successful command. `path` is the written file, within the project; `jobId` the queued job;
 * `rows` the number of written rows; `delivery` the result of a test message; `priorities` the new
 * priorities of jobs.
 */
export interface Done {
  readonly ok: true
  readonly path?: string
  readonly jobId?: number
  readonly rows?: number
  readonly delivery?: Delivery
  readonly priorities?: readonly number[]
}

/** Interface of the console to the program: snapshots, commands and look-ups. */
export interface ConsolePort {
  /**
   * Calls back with a new snapshot after each change, at most about ten times a second. Returns the
   * function that ends the subscription.
   */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  perform(command: OperatorCommand): Promise<CommandResult>
  /** Reads data that no snapshot has. Rejects with the problem and the remedy. */
  lookUp(lookup: Lookup): Promise<LookupAnswer>
}

export const NOTHING_COUNTED: Snapshot['counts'] = {
  queued: 0,
  running: 0,
  retrying: 0,
  interrupted: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  parked: 0,
}

/**
 * Returns the number of jobs that will still run. Excludes parked jobs, because they wait for the
 * operator.
 */
export const jobsWaiting = ({ queued, retrying, interrupted }: Snapshot['counts']): number =>
  queued + retrying + interrupted

export const jobsEnded = ({ succeeded, failed, cancelled }: Snapshot['counts']): number =>
  succeeded + failed + cancelled
