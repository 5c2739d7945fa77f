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
 * Everything that the screens show, read at one moment. It is the same whether the scheduler runs
 * in this process or in another one on the machine.
 */
export interface Snapshot {
  readonly at: number
  /** The project's folder. */
  readonly root: string
  /**
   * `scheduling` if this process owns the scheduler, `attached` if another process does, and `lost`
   * if that other process has ended.
   */
  readonly connection: 'connecting' | 'scheduling' | 'attached' | 'lost'
  /**
   * Reason why the scheduler could not start in this process, with the remedy; null if it could.
   */
  readonly problem: string | null
  readonly scheduler: SchedulerDocument | null
  /**
   * Time in ms for which the scheduler of another process has not responded, if that time is above
   * the limit; otherwise null.
   */
  readonly silentMs: number | null
  /**
   * Reason why the scheduler of another process cannot write its state although it responds; null
   * if it can. The displayed state may then be out of date.
   */
  readonly unwritten: string | null
  /** Services in a fixed order: the scheduler first, then by name. */
  readonly services: readonly ServiceDocument[]
  /** Living workers, and workers that have just ended, ordered by job and then by member. */
  readonly workers: readonly WorkerDocument[]
  /** Pictures of the pages that an operator is viewing now. */
  readonly pictures: readonly Picture[]
  /** All running jobs, and a bounded number of other jobs, most recently changed first. */
  readonly jobs: readonly JobSummary[]
  /**
   * The `seq` of the latest change to any job. Each change raises it by one, so the difference
   * between two snapshots is the number of changes, some of which `jobs` may not include.
   */
  readonly jobsSeq: number
  /**
   * Ids of the jobs in `jobs` that have not changed, but are listed again because newer jobs were
   * removed.
   */
  readonly resurfacedJobs: ReadonlySet<number>
  readonly counts: Readonly<Record<JobState, number>>
  /** Crashes, newest first; a bounded number. */
  readonly crashes: readonly CrashSummary[]
  /** Schedules by name. */
  readonly schedules: readonly Schedule[]
  /** Results of the most recent due times of schedules, oldest first; a bounded number. */
  readonly scheduleRuns: readonly ScheduleRun[]
  /** Most recent notices for which consoles ring the bell, oldest first; a bounded number. */
  readonly notices: readonly TellingNotice[]
  /** The last few hundred lines of all logs, merged, oldest first. */
  readonly log: readonly LogLine[]
}

/** A notice for which consoles ring the bell. */
export interface TellingNotice {
  /** Number that rises with each notice. */
  readonly id: number
  readonly at: number
  readonly notice: Notification
}

/** Small picture of a worker's page, with three bytes for each pixel, row by row. */
export interface Picture {
  readonly workerId: string
  readonly at: number
  readonly page: ShownPage
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/**
 * Command of the operator. It is stored as a desired state, which the scheduler applies in its own
 * process.
 */
export type OperatorCommand =
  | { readonly type: 'service.start' | 'service.stop' | 'service.restart'; readonly name: string }
  | { readonly type: 'job.cancel' | 'job.retry'; readonly id: number }
  | { readonly type: 'jobs.cancel' | 'jobs.retry'; readonly ids: readonly number[] }
  /**
   * Raises or lowers the priority of waiting jobs by a number of steps, within the allowed range.
   * The result contains the new priorities.
   */
  | { readonly type: 'jobs.prioritise'; readonly ids: readonly number[]; readonly by: number }
  /** Queues a job. Its input is checked again with the workflow's own description. */
  | { readonly type: 'job.start'; readonly workflow: string; readonly input: Json }
  /** Queues a schedule's job now. */
  | { readonly type: 'schedule.run'; readonly name: string }
  | { readonly type: 'schedule.pause'; readonly name: string; readonly paused: boolean }
  /** Creates a schedule. With `replace`, replaces the existing schedule of the same name. */
  | { readonly type: 'schedule.put'; readonly schedule: ScheduleSpec; readonly replace: boolean }
  | { readonly type: 'schedule.remove'; readonly name: string }
  /** Queues all failed and all parked jobs again. */
  | { readonly type: 'jobs.retry-dead' }
  /** Stores the operator's language for later starts. */
  | { readonly type: 'language.choose'; readonly language: Language }
  /** Writes a text to a file in the log folder of the day. The result contains its path. */
  | { readonly type: 'text.save'; readonly name: 'log' | 'line' | 'result'; readonly text: string }
  /**
   * Kills workers and their browsers immediately, without asking them to stop. Does nothing to a
   * worker that has already ended the given part.
   */
  | { readonly type: 'workers.kill'; readonly parts: readonly RunningPart[] }
  | WorkerOperatorCommand
  | TableCommand
  /**
   * Sends a test message directly, without the channel's queue. The result contains the delivery.
   */
  | { readonly type: 'notify.test'; readonly channel: string }
  /**
   * Writes a crash with its logs and its screenshot to a zip file without secrets. The result
   * contains its path.
   */
  | { readonly type: 'crash.bundle'; readonly id: number }
  | { readonly type: 'take-over' }
  | { readonly type: 'quit'; readonly mode: 'drain' | 'now' | 'restart' }

/**
 * A worker's work on one attempt of a job. The worker's name alone does not identify it, because a
 * reused worker gets other jobs later.
 */
export type RunningPart = Pick<MemberRef, 'workerId' | 'jobId' | 'attempt'>

/** Change by the operator to the rows of a table. Values are as typed, and null means no value. */
export type TableCommand =
  | { readonly type: 'rows.insert'; readonly table: string; readonly values: TypedValues }
  | {
      readonly type: 'rows.change'
      readonly table: string
      readonly rows: readonly SeenRow[]
      readonly values: TypedValues
    }
  | { readonly type: 'rows.remove'; readonly table: string; readonly keys: readonly RowKey[] }
  /** Writes all rows that match a query to a file. The result contains its path. */
  | { readonly type: 'rows.export'; readonly query: TableQuery; readonly format: 'csv' | 'json' }

type TypedValues = Readonly<Record<string, string | null>>

/** Identifies the wait in which the operator acts, and the page that was displayed then. */
export interface InputPlace {
  readonly waitingId: number
  readonly page: string
}

/**
 * Order of the operator to one worker. Coordinates are fractions of the visible part of its page.
 */
export type WorkerOperatorCommand = { readonly workerId: string } & (
  | { readonly type: 'worker.pause' }
  /** Closes the held browser of a failure. */
  | { readonly type: 'worker.close' }
  | {
      readonly type: 'worker.answer'
      readonly waitingId: number
      readonly answer: Answer
      readonly reason: string
      /** Values that a person gave with `resume`. They have passed the worker's own schema. */
      readonly told?: Readonly<Record<string, Json>>
    }
  /**
   * Requests pictures of at most this size. The worker stops sending them if the request is not
   * repeated within some seconds.
   */
  | { readonly type: 'worker.look'; readonly columns: number; readonly rows: number }
  | ({ readonly type: 'worker.click'; readonly x: number; readonly y: number } & InputPlace)
  | ({ readonly type: 'worker.key'; readonly key: PageKey } & InputPlace)
  | ({ readonly type: 'worker.text'; readonly text: string } & InputPlace)
)

export type CommandResult = Done | { readonly ok: false; readonly message: string }

/**
 * Result of a successful command. `path` is the written file, relative to the project; `jobId` is
 * the queued job; `rows` is the number of written rows; `delivery` is the result of a test message;
 * `priorities` are the new priorities of the jobs.
 */
export interface Done {
  readonly ok: true
  readonly path?: string
  readonly jobId?: number
  readonly rows?: number
  readonly delivery?: Delivery
  readonly priorities?: readonly number[]
}

/** Interface between the console and the program: snapshots, commands and look-ups. */
export interface ConsolePort {
  /**
   * Calls `listener` with a new snapshot after each change, at most about ten times a second.
   * Returns a function that ends the subscription.
   */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  perform(command: OperatorCommand): Promise<CommandResult>
  /** Reads data that snapshots do not contain. Rejects with the problem and the remedy. */
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
