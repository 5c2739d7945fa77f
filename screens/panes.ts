/**
 * Table of all panes that take keys, with the kind of their rows: rows with a selection, rows that
 * can also be marked, a log that follows its newest line, or plain rows that only scroll.
 */
const PANE_TABLE = {
  services: 'selected',
  workers: 'selected',
  jobs: 'marked',
  crashes: 'marked',
  tables: 'selected',
  rows: 'marked',
  preferences: 'selected',
  channels: 'selected',
  proxies: 'selected',
  settings: 'selected',
  schedules: 'selected',
  log: 'followed',
  workerLog: 'followed',
  facts: 'scrolled',
  timeline: 'scrolled',
} as const satisfies Readonly<Record<string, 'selected' | 'marked' | 'followed' | 'scrolled'>>

export type PaneName = keyof typeof PANE_TABLE
type PanesOf<Kind> = {
  [Name in PaneName]: (typeof PANE_TABLE)[Name] extends Kind ? Name : never
}[PaneName]

/** Panes in which one row is selected, by its id. */
export type ListPane = PanesOf<'selected' | 'marked'>
/** Panes in which rows can be marked. */
export type MarkPane = PanesOf<'marked'>
/** Panes that show a log and can follow its newest line. */
export type LogPane = PanesOf<'followed'>
/** Panes of plain rows, which only scroll. */
export type ScrollPane = PanesOf<'scrolled'>

/** True if a row of the pane can be selected. */
export const isListPane = (pane: PaneName): pane is ListPane =>
  PANE_TABLE[pane] === 'selected' || PANE_TABLE[pane] === 'marked'

/** True if the pane shows a log, and can follow its newest line. */
export const isLogPane = (pane: PaneName): pane is LogPane => PANE_TABLE[pane] === 'followed'

interface ScreenRow {
  /** Number key of the screen. */
  readonly key: string
  /** Panes that take keys, in the order of Tab. */
  readonly panes: readonly PaneName[]
  /** Pane that has the focus when the screen is first shown. */
  readonly focus: PaneName
}

/** Table of all screens: their order, their keys and their panes. */
export const SCREEN_TABLE = {
  dashboard: { key: '1', panes: ['services', 'workers', 'crashes', 'log'], focus: 'workers' },
  jobs: { key: '2', panes: ['jobs'], focus: 'jobs' },
  worker: { key: '3', panes: ['facts', 'timeline', 'workerLog'], focus: 'timeline' },
  logs: { key: '4', panes: ['log'], focus: 'log' },
  crashes: { key: '5', panes: ['crashes'], focus: 'crashes' },
  database: { key: '6', panes: ['tables', 'rows'], focus: 'tables' },
  schedules: { key: '7', panes: ['schedules'], focus: 'schedules' },
  settings: { key: '8', panes: ['preferences', 'channels', 'proxies', 'settings'], focus: 'preferences' },
} as const satisfies Readonly<Record<string, ScreenRow>>

export type ScreenName = keyof typeof SCREEN_TABLE

const isScreen = (name: string): name is ScreenName => Object.hasOwn(SCREEN_TABLE, name)

/** All screens, in the order of their tabs. */
export const SCREENS: readonly ScreenName[] = Object.keys(SCREEN_TABLE).filter(isScreen)

/** Returns the panes of a screen that take keys, in the order of Tab. */
export const panesOfScreen = (screen: ScreenName): readonly PaneName[] => SCREEN_TABLE[screen].panes
