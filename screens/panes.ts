/** Panes whose rows are selected, by id. */
export type ListPane =
  | 'services'
  | 'workers'
  | 'jobs'
  | 'crashes'
  | 'tables'
  | 'rows'
  | 'preferences'
  | 'channels'
  | 'proxies'
  | 'settings'
  | 'schedules'
/** Panes whose rows can be marked. */
export type MarkPane = 'jobs' | 'crashes' | 'rows'
/** Panes that follow their newest line. */
export type LogPane = 'log' | 'workerLog'
/** Panes of plain rows, which only scroll. */
export type ScrollPane = 'facts' | 'timeline'
export type PaneName = ListPane | LogPane | ScrollPane

interface ScreenRow {
  /** The number that shows it. */
  readonly key: string
  /** The panes that take keys, in the order of Tab. */
  readonly panes: readonly PaneName[]
  /** The one that takes them first. */
  readonly focus: PaneName
}

/** The one table of screens: their order, their keys and their panes. */
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

/** The panes of a screen that take keys, in the order of Tab. */
export const panesOfScreen = (screen: ScreenName): readonly PaneName[] => SCREEN_TABLE[screen].panes
