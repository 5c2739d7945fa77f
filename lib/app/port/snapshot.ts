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
 * Everything a screen shows, read at one moment. The same whether the scheduler runs in this process or elsewhere on the machine.
 */
export interface Snapshot {
  readonly at: number
  /** The project's folder. */
  readonly root: string
  /** `scheduling` in the process that owns the scheduler, `attached` to another one, `lost` when that one has ended. */
  readonly connection: 'connecting' | 'scheduling' | 'attached' | 'lost'
  /** Why the scheduler of this process could not start: what happened and what to do; null when nothing is wrong. */
  readonly problem: string | null
  readonly scheduler: SchedulerDocument | null
  /** For how long the scheduler of another process has not answered, from the limit on; null while it answers. */
  readonly silentMs: number | null
  /** Why the scheduler of another process, which answers, cannot write its state, so that what is shown of it may be old; null while it can. */
  readonly unwritten: string | null
  /** In a fixed order: the scheduler first, then by name. */
  readonly services: readonly ServiceDocument[]
  /** Live workers and those that ended a moment ago, by job, then member. */
  readonly workers: readonly WorkerDocument[]
  /** Pages that somebody looks at now. */
  readonly pictures: readonly Picture[]
  /** All that run and a bounded number of others; what changed last stands first. */
  readonly jobs: readonly JobSummary[]
  /** The `seq` of the newest change of a job. Each change raises it by one, so that a reader knows how many changes `jobs` may lack. */
  readonly jobsSeq: number
  /** Those of `jobs` that did not change: they are listed since newer ones were removed. */
  readonly resurfacedJobs: ReadonlySet<number>
  readonly counts: Readonly<Record<JobState, number>>
  /** Newest first; a bounded number. */
  readonly crashes: readonly CrashSummary[]
  /** By their names. */
  readonly schedules: readonly Schedule[]
  /** What became of due times of late, oldest first; a bounded number. */
  readonly scheduleRuns: readonly ScheduleRun[]
  /** What was told on the bell of late, oldest first; a bounded number. */
  readonly notices: readonly TellingNotice[]
  /** Oldest first; the newest few hundred lines of all logs, merged. */
  readonly log: readonly LogLine[]
}

/** A notice that consoles ring for. */
export interface TellingNotice {
  /** Rises with each one. */
  readonly id: number
  readonly at: number
  readonly notice: Notification
}

/** A worker's page in a few pixels: three bytes each, row by row. */
export interface Picture {
  readonly workerId: string
  readonly at: number
  readonly page: ShownPage
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** What the operator asks for. It is written as desired state into the store; the scheduler, wherever it runs, brings it about. */
export type OperatorCommand =
  | { readonly type: 'service.start' | 'service.stop' | 'service.restart'; readonly name: string }
  | { readonly type: 'job.cancel' | 'job.retry'; readonly id: number }
  | { readonly type: 'jobs.cancel' | 'jobs.retry'; readonly ids: readonly number[] }
  /** Change the priority of jobs that wait, by so many steps as far as the range goes; the answer says what each has now. */
  | { readonly type: 'jobs.prioritise'; readonly ids: readonly number[]; readonly by: number }
  /** Queue a job; its input is checked once more by the workflow's own description. */
  | { readonly type: 'job.start'; readonly workflow: string; readonly input: Json }
  /** Queue the job of a schedule now. */
  | { readonly type: 'schedule.run'; readonly name: string }
  | { readonly type: 'schedule.pause'; readonly name: string; readonly paused: boolean }
  /** Make a schedule, or with `replace` put it in the place of the one of its name. */
  | { readonly type: 'schedule.put'; readonly schedule: ScheduleSpec; readonly replace: boolean }
  | { readonly type: 'schedule.remove'; readonly name: string }
  /** Queue again all jobs that failed or are parked. */
  | { readonly type: 'jobs.retry-dead' }
  /** Keep the operator's language for the next start. */
  | { readonly type: 'language.choose'; readonly language: Language }
  /** Keep a text in a file of the day's logs; the answer names it. */
  | { readonly type: 'text.save'; readonly name: 'log' | 'line' | 'result'; readonly text: string }
  /** End workers with their browsers at once, without asking them; one that has ended its part meanwhile is left alone. */
  | { readonly type: 'workers.kill'; readonly parts: readonly RunningPart[] }
  | WorkerOperatorCommand
  | TableCommand
  /** Send a test message on a channel, past its queue; the answer says how that went. */
  | { readonly type: 'notify.test'; readonly channel: string }
  /** Write a crash with its logs and picture as a zip without secrets; the answer names it. */
  | { readonly type: 'crash.bundle'; readonly id: number }
  | { readonly type: 'take-over' }
  | { readonly type: 'quit'; readonly mode: 'drain' | 'now' | 'restart' }

/** What a worker is at work on. Its name alone does not say: a worker that is kept between jobs has others later. */
export type RunningPart = Pick<MemberRef, 'workerId' | 'jobId' | 'attempt'>

/** What the operator does to the rows of a table. Values are as they were typed; null for none. */
export type TableCommand =
  | { readonly type: 'rows.insert'; readonly table: string; readonly values: TypedValues }
  | {
      readonly type: 'rows.change'
      readonly table: string
      readonly rows: readonly SeenRow[]
      readonly values: TypedValues
    }
  | { readonly type: 'rows.remove'; readonly table: string; readonly keys: readonly RowKey[] }
  /** Write all rows that a query lets through into a file; the answer names it. */
  | { readonly type: 'rows.export'; readonly query: TableQuery; readonly format: 'csv' | 'json' }

type TypedValues = Readonly<Record<string, string | null>>

/** The wait in which the operator acts, and the id of the page that the operator saw. */
export interface InputPlace {
  readonly waitingId: number
  readonly page: string
}

/** What the operator asks of one worker. Places are shares of the visible part of its page. */
export type WorkerOperatorCommand = { readonly workerId: string } & (
  | { readonly type: 'worker.pause' }
  /** Close the browser that a failure left open. */
  | { readonly type: 'worker.close' }
  | {
      readonly type: 'worker.answer'
      readonly waitingId: number
      readonly answer: Answer
      readonly reason: string
      /** With `resume`, what the person tells: the worker's own schema has let it through. */
      readonly told?: Readonly<Record<string, Json>>
    }
  /** A picture of at most so many pixels, for as long as this is said again every few seconds. */
  | { readonly type: 'worker.look'; readonly columns: number; readonly rows: number }
  | ({ readonly type: 'worker.click'; readonly x: number; readonly y: number } & InputPlace)
  | ({ readonly type: 'worker.key'; readonly key: PageKey } & InputPlace)
  | ({ readonly type: 'worker.text'; readonly text: string } & InputPlace)
)

export type CommandResult = Done | { readonly ok: false; readonly message: string }

/** Done; `path` names the file that was written, within the project; `jobId` the job that was queued; `rows` how many rows were written; `delivery` how a test message went; `priorities` those that jobs have now. */
export interface Done {
  readonly ok: true
  readonly path?: string
  readonly jobId?: number
  readonly rows?: number
  readonly delivery?: Delivery
  readonly priorities?: readonly number[]
}

/** The console's only way to the world: snapshots in, commands out, and questions. */
export interface ConsolePort {
  /** Calls back with a new snapshot whenever something changed, at most some ten times a second; returns a function that ends it. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  perform(command: OperatorCommand): Promise<CommandResult>
  /** Reads what no snapshot holds; rejects with what happened and what to do. */
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

/** Jobs whose turn is still to come, parked ones left out: those wait for the operator. */
export const jobsWaiting = ({ queued, retrying, interrupted }: Snapshot['counts']): number =>
  queued + retrying + interrupted

export const jobsEnded = ({ succeeded, failed, cancelled }: Snapshot['counts']): number =>
  succeeded + failed + cancelled
