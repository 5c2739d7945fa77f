import type { Json } from '../../lib/core/errors/errors.ts'
import type { RunningPart } from '../../lib/app/port/snapshot.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import type { RowKey, TableInfo } from '../../lib/model/table.ts'
import type { WorkflowDescription } from '../../lib/model/job/workflow.ts'
import type { SeenRow } from '../../lib/app/port/database.ts'
import type { Field } from '../forms/form-field.ts'
import type { Line } from '../line.ts'
import type { LogPane } from '../panes.ts'

/**
 * Line at the foot of the screen that takes all keys: a search in a log, in the jobs, or in the
 * rows of a table.
 */
export type Prompt =
  LogPrompt | { readonly type: 'jobs'; readonly line: Line } | { readonly type: 'rows'; readonly line: Line }

export interface LogPrompt {
  readonly type: 'find' | 'filter'
  readonly pane: LogPane
  readonly line: Line
  /** True for a regular expression. */
  readonly regex: boolean
  /** Why the entered text cannot be used, until the text changes. */
  readonly problem: string | null
}

/** List of all commands: the typed search, and the command under the cursor. */
export interface Palette {
  readonly type: 'palette'
  readonly line: Line
  readonly choice: number
}

/** List of the workflows that can be started. */
export interface StartChoice {
  readonly type: 'start'
  readonly line: Line
  readonly choice: number
}

/** Form with its purpose and the texts of its fields. */
export interface Form {
  readonly type: 'form'
  readonly purpose: FormPurpose
  readonly fields: readonly Field[]
  /** Text of each field. */
  readonly lines: readonly Line[]
  readonly focus: number
  /** Problem of each field; null for a field without a problem or not checked yet. */
  readonly problems: readonly (string | null)[]
  /** Id of the activity line of the submitted form, until the reply. */
  readonly asked: number | null
  /** Why the command was refused. */
  readonly answer: string | null
  /**
   * True once the worker no longer waits for the reply. Then only the key that closes the form
   * works.
   */
  readonly over: boolean
}

/**
 * Purpose of a form: the input of a job, the question of a worker, a new row, changes to rows, or a
 * schedule.
 */
export type FormPurpose =
  | {
      readonly type: 'start'
      readonly workflow: string
      readonly inputSchema: Readonly<Record<string, Json>>
    }
  | AnswerPurpose
  | { readonly type: 'insert'; readonly table: TableInfo }
  | { readonly type: 'change'; readonly table: TableInfo; readonly rows: readonly SeenRow[] }
  | SchedulePurpose

/**
 * Purpose of a form that answers a waiting worker's question. The reply must match the schema, and
 * is valid only for this wait.
 */
export interface AnswerPurpose {
  readonly type: 'answer'
  readonly workerId: string
  readonly jobId: number
  readonly waitingId: number
  /** Question to the person, in the workflow's words. */
  readonly what: string
  readonly inputSchema: Readonly<Record<string, Json>>
}

/**
 * Purpose of a form for a new schedule, or for an existing schedule as it was when the form was
 * opened (`seen`).
 */
export interface SchedulePurpose {
  readonly type: 'schedule'
  readonly seen: Schedule | null
  /** Workflows that the schedule can run. */
  readonly workflows: readonly WorkflowDescription[]
}

/** Read-only view of a whole record, such as a row, a setting or a crash. */
export interface DetailsView {
  readonly type: 'record'
  readonly title: string
  readonly entries: readonly RecordEntry[]
  readonly offset: number
  /**
   * Job that the record shows. The job is reread while the record is open, and has keys of its own.
   */
  readonly job?: JobRecord
  /** Name of the schedule that the record shows. The record follows the changes of the schedule. */
  readonly schedule?: string
}

export interface JobRecord {
  readonly id: number
  /** JSON on one line; null without a result. */
  readonly result: string | null
  /**
   * Id of the activity line of a key that was pressed in the record; null if none. The box shows
   * that line at its foot.
   */
  readonly told: number | null
}

/** One part of a record: a name, and sanitised text of one line or several. */
export interface RecordEntry {
  readonly name: string
  readonly text: string
}

/** Box over the screens that takes all keys. */
export type Overlay = Palette | StartChoice | Form | DetailsView

export type QuitMode = 'drain' | 'now' | 'restart'

/**
 * Question before workers are killed. `siblings` is the number of other workers of the same jobs,
 * which continue.
 */
export interface KillQuestion {
  readonly type: 'kill'
  readonly parts: readonly RunningPart[]
  readonly jobIds: readonly number[]
  readonly workflow: string
  readonly siblings: number
  readonly choice: number
}

/** Dialog that waits for a choice; `choice` is the option under the cursor. */
export type Dialog =
  | KillQuestion
  | {
      readonly type: 'cancel'
      readonly jobId: number
      readonly workflow: string
      readonly workers: number
      readonly choice: number
    }
  | {
      readonly type: 'fail'
      readonly workerId: string
      readonly jobId: number
      readonly waitingId: number
      readonly choice: number
    }
  | { readonly type: 'retry-dead'; readonly choice: number }
  /**
   * Question about all marked jobs to which the action applies (`ids`). `left` is the number of the
   * other marked jobs.
   */
  | {
      readonly type: 'marked'
      readonly verb: 'cancel' | 'retry'
      readonly ids: readonly number[]
      readonly left: number
      readonly choice: number
    }
  | {
      readonly type: 'remove-rows'
      readonly table: string
      readonly keys: readonly RowKey[]
      readonly choice: number
    }
  | { readonly type: 'remove-schedule'; readonly name: string; readonly choice: number }
  | { readonly type: 'export'; readonly table: string; readonly rows: number; readonly choice: number }
  | { readonly type: 'quit'; readonly choice: number }
  | { readonly type: 'restart'; readonly version: string; readonly choice: number }
