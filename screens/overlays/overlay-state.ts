import type { Json } from '../../lib/core/errors/errors.ts'
import type { RunningPart } from '../../lib/app/port/snapshot.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import type { RowKey, TableInfo } from '../../lib/model/table.ts'
import type { WorkflowDescription } from '../../lib/model/job/workflow.ts'
import type { SeenRow } from '../../lib/app/port/database.ts'
import type { Field } from '../forms/form-field.ts'
import type { Line } from '../line.ts'
import type { LogPane } from '../panes.ts'

/** A line that is asked for at the foot of the screen: to be looked for in a log, in the jobs, or in the rows of a table. It takes all keys. */
export type Prompt =
  LogPrompt | { readonly type: 'jobs'; readonly line: Line } | { readonly type: 'rows'; readonly line: Line }

export interface LogPrompt {
  readonly type: 'find' | 'filter'
  readonly pane: LogPane
  readonly line: Line
  /** Whether it is a regular expression. */
  readonly regex: boolean
  /** Why what was entered cannot be used, until it is changed. */
  readonly problem: string | null
}

/** The list of all commands: what is typed to find one, and which one is under the cursor. */
export interface Palette {
  readonly type: 'palette'
  readonly line: Line
  readonly choice: number
}

/** The list of workflows that can be started. */
export interface StartChoice {
  readonly type: 'start'
  readonly line: Line
  readonly choice: number
}

/** A form: what it is for, and what stands in its fields. */
export interface Form {
  readonly type: 'form'
  readonly purpose: FormPurpose
  readonly fields: readonly Field[]
  /** What stands in each field. */
  readonly lines: readonly Line[]
  readonly focus: number
  /** What is wrong with each field, as far as it has been looked at. */
  readonly problems: readonly (string | null)[]
  /** The line of what the console did in which it was handed in, until the answer comes. */
  readonly asked: number | null
  /** Why it was refused. */
  readonly answer: string | null
  /** True once no worker asks for it: it takes no key but the one that leaves it. */
  readonly over: boolean
}

/** What a form is for: the input of a job, what a worker asks a person for, a new row, what is to change in some rows, or a schedule. */
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

/** What a person tells a worker that waits for it: by its schema, for this wait alone. */
export interface AnswerPurpose {
  readonly type: 'answer'
  readonly workerId: string
  readonly jobId: number
  readonly waitingId: number
  /** What the person is asked, in the workflow's words. */
  readonly what: string
  readonly inputSchema: Readonly<Record<string, Json>>
}

/** A new schedule, or one that is to change as it was seen. */
export interface SchedulePurpose {
  readonly type: 'schedule'
  readonly seen: Schedule | null
  /** Those that it can run. */
  readonly workflows: readonly WorkflowDescription[]
}

/** Something whole, to be read: a row, a setting, a crash. */
export interface DetailsView {
  readonly type: 'record'
  readonly title: string
  readonly entries: readonly RecordEntry[]
  readonly offset: number
  /** The job that it is of: it is read again while it is shown, and has keys of its own. */
  readonly job?: JobRecord
  /** The schedule that it is of: it is shown as it is now. */
  readonly schedule?: string
}

export interface JobRecord {
  readonly id: number
  /** JSON on one line; null when there is none. */
  readonly result: string | null
  /** The line of what the console did for a key pressed in it, told at its foot. */
  readonly told: number | null
}

/** One part of it: a name, and text of one line or several, harmless already. */
export interface RecordEntry {
  readonly name: string
  readonly text: string
}

/** What lies over the screens and takes all keys. */
export type Overlay = Palette | StartChoice | Form | DetailsView

export type QuitMode = 'drain' | 'now' | 'restart'

/** Whether workers shall end at once. Of jobs with several workers `siblings` others go on. */
export interface KillQuestion {
  readonly type: 'kill'
  readonly parts: readonly RunningPart[]
  readonly jobIds: readonly number[]
  readonly workflow: string
  readonly siblings: number
  readonly choice: number
}

/** A question that waits for an answer; `choice` is the option under the cursor. */
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
  /** About all marked jobs for which it can be done; `left` others are marked, too. */
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
