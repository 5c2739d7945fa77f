import type { WorkerDocument } from '../lib/model/worker/documents.ts'
import type { LogLine } from '../lib/model/log-line.ts'
import type { WorkerWait } from '../lib/model/worker/worker-wait.ts'
import type { Language } from '../lib/locales/language.ts'
import type { Batch } from './lists/progress.ts'
import { NO_TABLE } from '../lib/app/port/database.ts'
import type { CrashView } from './queries/crash-view.ts'
import type { DatabaseView } from '../lib/app/port/database.ts'
import { NO_JOB } from './queries/job-view.ts'
import type { JobView } from './queries/job-view.ts'
import { NO_SEARCH } from './queries/log-search.ts'
import type { LogSearch } from './queries/log-search.ts'
import type { Dialog, Overlay, Prompt, QuitMode } from './overlays/overlay-state.ts'
import type { Lookup, LookupResult, PendingLookup } from '../lib/app/port/lookup.ts'
import { SCREEN_TABLE } from './panes.ts'
import type { ListPane, LogPane, MarkPane, PaneName, ScreenName, ScrollPane } from './panes.ts'
import type { Sample } from './lists/throughput.ts'
import type { CommandResult, OperatorCommand, Snapshot } from '../lib/app/port/snapshot.ts'
import { NO_SETTINGS } from './queries/settings-view.ts'
import type { SettingsView } from './queries/settings-view.ts'
import type { ThemeName } from './theme.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/**
 * View of a log pane. A held log shows the lines that existed when it was held, and `cursor` is an
 * index into them. A frozen log stays held even if the cursor moves to its end.
 */
export type LogView =
  | { readonly following: true }
  | {
      readonly following: false
      readonly frozen: boolean
      /** Path of the file that the pane shows instead of the log; null for the log. */
      readonly file: string | null
      readonly lines: readonly LogLine[]
      readonly cursor: number
    }

/**
 * Reason why keys are ignored although the operator still types: the worker has continued, or the
 * page takes no keys for another reason.
 */
export type TypingOver = 'goesOn' | 'takesNone'

/**
 * Target of the operator's keys: the id of the page, and the wait of its worker. `over` is set when
 * the wait has ended, and stays set until the operator ends typing.
 */
export interface Typing {
  readonly page: string
  readonly waiting: Pick<WorkerWait, 'id' | 'since'>
  readonly over: TypingOver | null
}

/**
 * State of the picture of the opened worker's page: the cell under the cursor, the target of the
 * operator's keys, and the time of the last request for a picture.
 */
export interface PictureView {
  readonly column: number
  readonly row: number
  readonly typing: Typing | null
  readonly askedAt: number
}

/**
 * State of the help page: the index of its first visible line, and the id of the last activity line
 * before the page was opened.
 */
export interface HelpView {
  readonly open: boolean
  readonly offset: number
  readonly toldBefore: number
}

export const NO_HELP: HelpView = { open: false, offset: 0, toldBefore: 0 }

export type Tone = 'info' | 'good' | 'bad'

/** Line about the console's reaction to a key, in the operator's language. */
export interface Activity {
  readonly id: number
  readonly at: number
  readonly key: string
  readonly text: string
  readonly tone: Tone
}

/** State of the console. Only `update` creates a new state. */
export interface State {
  readonly snapshot: Snapshot | null
  readonly now: number
  readonly size: Size
  readonly screen: ScreenName
  /** Screen from which the present screen was opened, for Esc. Null for the dashboard. */
  readonly cameFrom: ScreenName | null
  readonly help: HelpView
  /** Focused pane of each screen. A screen without an entry has the focus on its first pane. */
  readonly focus: Readonly<Partial<Record<ScreenName, PaneName>>>
  readonly zoomed: boolean
  readonly selected: Readonly<Record<ListPane, string | null>>
  /** Ids of the marked rows. */
  readonly marked: Readonly<Record<MarkPane, readonly string[]>>
  /** Filter of the jobs: a listed job contains this text in its row; empty for all jobs. */
  readonly jobsFilter: string
  readonly database: DatabaseView
  readonly settings: SettingsView
  readonly crash: CrashView
  readonly job: JobView
  /** Keys of the root causes for which the group of crashes is open. */
  readonly openCauses: readonly string[]
  /** Pending lookup of each type; null if none is pending. */
  readonly pending: Readonly<Record<Lookup['type'], PendingLookup | null>>
  /** Number of lookups so far, which is also the id of the last lookup. */
  readonly lookedUp: number
  /** Worker that the worker screen shows. Its last document stays after the worker has ended. */
  readonly opened: WorkerDocument | null
  /** Null if the page is not visible. */
  readonly picture: PictureView | null
  readonly logs: Readonly<Record<LogPane, LogView>>
  /** Searches and filters of the logs. Only their own keys change them. */
  readonly searches: Readonly<Record<LogPane, LogSearch>>
  /** True if long lines of logs wrap. */
  readonly wrapped: boolean
  /** Open prompt, with the typed line. */
  readonly prompt: Prompt | null
  readonly overlay: Overlay | null
  /** Index of the first visible row in each pane that only scrolls. */
  readonly offsets: Readonly<Record<ScrollPane, number>>
  readonly dialog: Dialog | null
  readonly quitting: QuitMode | null
  /** Installed version for which the operator was last asked about a restart. */
  readonly askedVersion: string | null
  /** Oldest first; bounded. */
  readonly activity: readonly Activity[]
  readonly samples: readonly Sample[]
  /** Batch of jobs since the queue was last empty. */
  readonly batch: Batch | null
  readonly language: Language
  readonly theme: ThemeName
  readonly colours: boolean
  readonly ascii: boolean
  readonly mouse: boolean
  readonly readOnly: boolean
  /** True if the console can copy text to the terminal's clipboard. */
  readonly clipboard: boolean
  /** True if the console sends its progress to the terminal, for the taskbar. */
  readonly taskbar: boolean
  /** Null for the system's time zone. */
  readonly timeZone: string | null
}

/** Part of the frame that can be pressed with the mouse. */
export type Target =
  | { readonly type: 'row'; readonly pane: ListPane; readonly id: string }
  | { readonly type: 'pane'; readonly pane: PaneName }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'option'; readonly index: number }
  /** Cell of the picture. */
  | { readonly type: 'picture'; readonly column: number; readonly row: number }

/** Event that the console processes; `at` is its time in milliseconds since the epoch. */
export type Message = { readonly at: number } & (
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'press'; readonly target: Target }
  | { readonly type: 'wheel'; readonly target: Target | null; readonly lines: number }
  | { readonly type: 'resize'; readonly size: Size }
  | { readonly type: 'tick' }
  | {
      readonly type: 'looked-up'
      readonly id: number
      readonly lookup: Lookup
      readonly result: LookupResult
    }
  | { readonly type: 'performed'; readonly activityId: number | null; readonly result: CommandResult }
  /** A command has had no reply within its time limit. */
  | { readonly type: 'unanswered'; readonly activityId: number }
  | { readonly type: 'quit-refused'; readonly mode: QuitMode; readonly message: string }
)

/** Effect that the console performs after a change of its state. */
export type Effect =
  /**
   * `activityId` is the id of the activity line that reports the outcome. If it is null, only a
   * failure is reported.
   */
  | { readonly type: 'perform'; readonly command: OperatorCommand; readonly activityId: number | null }
  | { readonly type: 'look-up'; readonly id: number; readonly lookup: Lookup }
  | { readonly type: 'bell' }
  /** Rings the bell, and shows the text as a desktop notification if the terminal supports it. */
  | { readonly type: 'notify'; readonly text: string }
  /** Copies the text into the terminal's clipboard. */
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'quit'; readonly mode: QuitMode }
  | { readonly type: 'mouse'; readonly on: boolean }
  | { readonly type: 'repaint' }

export type Step = readonly [State, readonly Effect[]]

export interface Start {
  readonly at: number
  readonly size: Size
  readonly language: Language
  readonly colours: boolean
  readonly ascii: boolean
  readonly readOnly: boolean
  readonly clipboard: boolean
  readonly taskbar: boolean
  readonly timeZone: string | null
}

/** Returns the state before the first snapshot. */
export function initialState({ at, ...start }: Start): State {
  return {
    ...start,
    snapshot: null,
    now: at,
    screen: 'dashboard',
    cameFrom: null,
    help: NO_HELP,
    focus: {},
    zoomed: false,
    selected: {
      ...{ services: null, workers: null, jobs: null, crashes: null, tables: null, rows: null },
      ...{ preferences: 'language', channels: null, proxies: null, settings: null, schedules: null },
    },
    marked: { jobs: [], crashes: [], rows: [] },
    jobsFilter: '',
    database: NO_TABLE,
    settings: NO_SETTINGS,
    crash: { detail: null, readAt: 0, stale: true, jump: null },
    job: NO_JOB,
    openCauses: [],
    pending: { database: null, records: null, settings: null, crash: null, job: null, log: null },
    lookedUp: 0,
    opened: null,
    picture: null,
    logs: { log: { following: true }, workerLog: { following: true } },
    searches: { log: NO_SEARCH, workerLog: NO_SEARCH },
    wrapped: false,
    prompt: null,
    overlay: null,
    offsets: { facts: 0, timeline: 0 },
    dialog: null,
    quitting: null,
    askedVersion: null,
    activity: [],
    samples: [],
    batch: null,
    theme: start.colours ? 'dark' : 'plain',
    mouse: true,
  }
}

/** Returns the focused pane. */
export const focusedPane = ({ focus, screen }: State): PaneName => focus[screen] ?? SCREEN_TABLE[screen].focus
