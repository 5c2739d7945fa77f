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

/** A log that is held still keeps the lines it showed, and the place of its cursor among them. Frozen it stays so at its end, too. */
export type LogView =
  | { readonly following: true }
  | {
      readonly following: false
      readonly frozen: boolean
      /** The file that it shows in the place of what comes; null for none. */
      readonly file: string | null
      readonly lines: readonly LogLine[]
      readonly cursor: number
    }

/** Why keys go nowhere while the operator still types: the worker works again, or takes no keys for another reason. */
export type TypingOver = 'goesOn' | 'takesNone'

/** Target of the operator's keys: the id of the page, and the wait of its worker. Once that wait is over, it stays so until the operator ends typing. */
export interface Typing {
  readonly page: string
  readonly waiting: Pick<WorkerWait, 'id' | 'since'>
  readonly over: TypingOver | null
}

/** The picture of the opened worker's page: the cell under the cursor, what the operator types into, when it was last asked for. */
export interface PictureView {
  readonly column: number
  readonly row: number
  readonly typing: Typing | null
  readonly askedAt: number
}

/** The help page: its first line that is seen, and the last line of what the console did that was told before it was opened. */
export interface HelpView {
  readonly open: boolean
  readonly offset: number
  readonly toldBefore: number
}

export const NO_HELP: HelpView = { open: false, offset: 0, toldBefore: 0 }

export type Tone = 'info' | 'good' | 'bad'

/** What the console did for a key, in the words of the operator's language. */
export interface Activity {
  readonly id: number
  readonly at: number
  readonly key: string
  readonly text: string
  readonly tone: Tone
}

/** Everything the console knows and shows. Only `update` makes a new one. */
export interface State {
  readonly snapshot: Snapshot | null
  readonly now: number
  readonly size: Size
  readonly screen: ScreenName
  /** Where what is shown was opened from: Esc leads back there. Null for the dashboard. */
  readonly cameFrom: ScreenName | null
  readonly help: HelpView
  /** The panes that were chosen; a screen that is not here has its first one. */
  readonly focus: Readonly<Partial<Record<ScreenName, PaneName>>>
  readonly zoomed: boolean
  readonly selected: Readonly<Record<ListPane, string | null>>
  /** The ids of the rows that are marked. */
  readonly marked: Readonly<Record<MarkPane, readonly string[]>>
  /** What a job must have in its row to be listed; empty for all. */
  readonly jobsFilter: string
  readonly database: DatabaseView
  readonly settings: SettingsView
  readonly crash: CrashView
  readonly job: JobView
  /** Root causes whose crashes are shown one by one. */
  readonly openCauses: readonly string[]
  /** What is being looked up, until its answer comes. */
  readonly pending: Readonly<Record<Lookup['type'], PendingLookup | null>>
  /** How often something was looked up: the number of the last one. */
  readonly lookedUp: number
  /** The worker of the worker screen, as it was last seen: it stays after it has gone. */
  readonly opened: WorkerDocument | null
  /** Null when its page is not shown. */
  readonly picture: PictureView | null
  readonly logs: Readonly<Record<LogPane, LogView>>
  /** What is looked for in the logs, and left out: nothing but its own keys changes it. */
  readonly searches: Readonly<Record<LogPane, LogSearch>>
  /** Whether long lines of logs go on below. */
  readonly wrapped: boolean
  /** The line that is being typed, when one is asked for. */
  readonly prompt: Prompt | null
  readonly overlay: Overlay | null
  /** First visible rows of the panes that only scroll. */
  readonly offsets: Readonly<Record<ScrollPane, number>>
  readonly dialog: Dialog | null
  readonly quitting: QuitMode | null
  /** The installed version into which the operator was asked to restart. */
  readonly askedVersion: string | null
  /** Oldest first; a bounded number. */
  readonly activity: readonly Activity[]
  readonly samples: readonly Sample[]
  /** The work since the queue was last empty. */
  readonly batch: Batch | null
  readonly language: Language
  readonly theme: ThemeName
  readonly colours: boolean
  readonly ascii: boolean
  readonly mouse: boolean
  readonly readOnly: boolean
  /** Whether the terminal takes text into the clipboard. */
  readonly clipboard: boolean
  /** Whether the terminal may be told of progress. */
  readonly taskbar: boolean
  /** Null for the system's. */
  readonly timeZone: string | null
}

/** Something in the frame that the mouse can press. */
export type Target =
  | { readonly type: 'row'; readonly pane: ListPane; readonly id: string }
  | { readonly type: 'pane'; readonly pane: PaneName }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'option'; readonly index: number }
  /** A cell of the picture. */
  | { readonly type: 'picture'; readonly column: number; readonly row: number }

/** What happens to the console; `at` is the instant. */
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
  /** A command has had no answer for long. */
  | { readonly type: 'unanswered'; readonly activityId: number }
  | { readonly type: 'quit-refused'; readonly mode: QuitMode; readonly message: string }
)

/** What the loop does for a new state. */
export type Effect =
  /** `activityId` names the line that tells how it went; without one only a failure is told. */
  | { readonly type: 'perform'; readonly command: OperatorCommand; readonly activityId: number | null }
  | { readonly type: 'look-up'; readonly id: number; readonly lookup: Lookup }
  | { readonly type: 'bell' }
  /** Rings, and hands the text to the desktop where the terminal can. */
  | { readonly type: 'notify'; readonly text: string }
  /** Into the clipboard of the terminal. */
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

/** The state before the first snapshot. */
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

/** The pane that takes the keys. */
export const focusedPane = ({ focus, screen }: State): PaneName => focus[screen] ?? SCREEN_TABLE[screen].focus
