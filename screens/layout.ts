import { panesOfScreen } from './panes.ts'
import { focusedPane } from './state.ts'
import type { PaneName } from './panes.ts'
import type { Size, State } from './state.ts'

export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Panes without keys, because they only show data. */
export const PASSIVE_PANES = ['queue', 'crash', 'picture', 'row'] as const
export type PassivePane = (typeof PASSIVE_PANES)[number]

export interface Layout {
  readonly header: Rect
  /**
   * Tabs of the screens; null if the terminal has too few rows, because the header then names the
   * screen.
   */
  readonly tabs: Rect | null
  readonly body: Rect
  readonly message: Rect
  readonly footer: Rect
  /** Rectangles of the panes, all within the body. Positions are relative to the whole screen. */
  readonly panes: ReadonlyMap<PaneName | PassivePane, Rect>
}

/**
 * Minimum size of a terminal, in cells, for several panes next to each other (`SPLIT_…`) or one
 * above the other (`STACK_ROWS`). A smaller terminal shows one pane at a time.
 */
const SPLIT_COLUMNS = 72
const SPLIT_ROWS = 20
const STACK_ROWS = 26
/** Minimum number of rows of a terminal that has tabs. */
const TABS_ROWS = 16

const LEAST_PANE = 4
/** Rows for a problem: one sentence about the event, and one about the remedy. */
const PROBLEM_ROWS = 8
const BORDERS = 2
/** Width in cells of a pane's left and right borders, each with a blank. */
const SIDES = 4
const LIST_HEAD = 1

/** True for a small terminal. Its panes have a title and rows, but no frame, to save cells. */
export const isFlat = ({ columns, rows }: Size): boolean => rows < TABS_ROWS || columns < 50

/** Returns how many rows of a pane its frame takes, or its title on a small terminal. */
const frameRows = (size: Size) => (isFlat(size) ? 1 : BORDERS)

/** Returns the rectangle of each part of the screen, for any size from 1×1 up. */
export function layoutOf(state: State, { columns, rows }: Size): Layout {
  const row = (top: number): Rect => ({ left: 0, top, width: columns, height: 1 })
  const withTabs = rows >= TABS_ROWS
  const top = withTabs ? 2 : 1
  const body = { left: 0, top, width: columns, height: Math.max(0, rows - top - 2) }
  return {
    header: row(0),
    tabs: withTabs ? row(1) : null,
    body,
    message: row(Math.max(0, rows - 2)),
    footer: row(Math.max(0, rows - 1)),
    panes: new Map(panesOf(state, body)),
  }
}

const HEADED: readonly PaneName[] = [
  'workers',
  'jobs',
  'tables',
  'rows',
  'channels',
  'proxies',
  'settings',
  'schedules',
]

/** Returns how many rows of content a pane shows. */
export function paneRows(state: State, pane: PaneName): number {
  const rect = layoutOf(state, state.size).panes.get(pane)
  const head = HEADED.includes(pane) ? LIST_HEAD : 0
  return rect === undefined ? 0 : Math.max(1, rect.height - frameRows(state.size) - head)
}

/** Returns the size, in cells, of the content of a pane that fills the whole body. */
export function bodyRoom(state: State): Size {
  const { body } = layoutOf(state, state.size)
  const sides = isFlat(state.size) ? 0 : SIDES
  return {
    columns: Math.max(1, body.width - sides),
    rows: Math.max(1, body.height - frameRows(state.size)),
  }
}

/**
 * Returns the maximum size, in pixels, of the picture of a page. A cell shows two pixels, one above
 * the other. Two rows remain free: one lists the keys, and one names the page.
 */
export function pictureRoom(state: State): Size {
  const { columns, rows } = bodyRoom(state)
  return { columns, rows: Math.max(1, rows - 2) * 2 }
}

type Placed = readonly [PaneName | PassivePane, Rect]

function panesOf(state: State, body: Rect): Placed[] {
  const panes = panesOfScreen(state.screen)
  const split = body.width >= SPLIT_COLUMNS && body.height >= SPLIT_ROWS - 4
  if (state.screen === 'worker' && state.picture !== null) return [['picture', body]]
  if (state.zoomed) return [[focusedPane(state), body]]
  switch (state.screen) {
    case 'dashboard':
      if (split) return dashboard(state, body)
      return body.height >= STACK_ROWS - 4 ? stack(panes, body) : [[focusedPane(state), body]]
    case 'worker':
      return split ? workerScreen(state, body) : smallWorkerScreen(state, body)
    case 'crashes': {
      if (body.height < 12) return [['crashes', body]]
      const [list, detail] = down(body, Math.max(LEAST_PANE, Math.floor(body.height / 2)))
      return [
        ['crashes', list],
        ['crash', detail],
      ]
    }
    case 'database':
      return split ? databaseScreen(body) : [[focusedPane(state), body]]
    case 'settings':
      return split ? settingsScreen(body) : [[focusedPane(state), body]]
    case 'jobs':
    case 'logs':
    case 'schedules':
      return panes.map(pane => [pane, body])
  }
}

/**
 * Width in cells of the queue's pane, without and with the smallest chart. The services pane gets
 * the rest.
 */
const QUEUE_COLUMNS = 26
const CHARTED_COLUMNS = 48
/**
 * Preferred width of the services pane in cells, on a screen with room for the chart. On a very
 * wide screen the pane gets a share of the width instead.
 */
const SERVICES_COLUMNS = 72

function servicesColumns(width: number): number {
  if (width < 110) return width - QUEUE_COLUMNS
  return Math.min(width - CHARTED_COLUMNS, Math.max(SERVICES_COLUMNS, Math.floor(width * 0.55)))
}

function dashboard(state: State, body: Rect): Placed[] {
  const services = state.snapshot?.services.length ?? 0
  const workers = state.snapshot?.workers.length ?? 0
  const roomy = body.height >= 30
  const topRows = roomy ? clamp(services + BORDERS, 8, 12) : clamp(services + BORDERS, 5, 6)
  const [above, rest] = down(body, topRows)
  const bottomRows = Math.max(roomy ? 8 : 5, Math.floor(rest.height / 3))
  const told = (state.snapshot?.problem ?? null) === null ? 0 : PROBLEM_ROWS
  const wanted = Math.max(LEAST_PANE, workers + BORDERS + LIST_HEAD, told)
  const [middle, below] = down(rest, Math.min(wanted, rest.height - bottomRows))
  const [servicesRect, queue] = across(above, servicesColumns(body.width))
  const [crashes, log] = across(below, Math.floor(body.width * (body.width >= 110 ? 0.48 : 0.42)))
  return [
    ['services', servicesRect],
    ['queue', queue],
    ['workers', middle],
    ['crashes', crashes],
    ['log', log],
  ]
}

function workerScreen(state: State, body: Rect): Placed[] {
  const phases = state.opened === null ? 0 : Math.max(state.opened.history.length, phaseCount(state))
  const topRows = clamp(
    phases + BORDERS + LIST_HEAD,
    body.height >= 30 ? 17 : 14,
    Math.max(14, body.height - 8),
  )
  const [above, log] = down(body, Math.min(topRows, body.height - LEAST_PANE))
  const [facts, timeline] = across(above, clamp(Math.floor(body.width * 0.45), 32, 64))
  return [
    ['facts', facts],
    ['timeline', timeline],
    ['workerLog', log],
  ]
}

/**
 * Returns the panes of a small worker screen: all panes one above the other, or only the focused
 * pane if there are too few rows.
 */
function smallWorkerScreen(state: State, body: Rect): Placed[] {
  if (body.height < 22) return [[focusedPane(state), body]]
  const [facts, rest] = down(body, 12)
  const [timeline, log] = down(rest, Math.floor(rest.height / 2))
  return [
    ['facts', facts],
    ['timeline', timeline],
    ['workerLog', log],
  ]
}

/** Width in cells of the pane that lists the tables with their row counts. */
const TABLES_COLUMNS = 28

/**
 * Returns the panes of the database screen: the tables next to the rows, with the row under the
 * cursor below if there is room.
 */
function databaseScreen(body: Rect): Placed[] {
  const [tables, right] = across(body, TABLES_COLUMNS)
  if (body.height < STACK_ROWS) {
    return [
      ['tables', tables],
      ['rows', right],
    ]
  }
  const [rows, row] = down(right, Math.floor(body.height * 0.6))
  return [
    ['tables', tables],
    ['rows', rows],
    ['row', row],
  ]
}

/**
 * Number of rows of the preferences, and minimum width in cells of the column next to the settings.
 */
const PREFERENCE_ROWS = 3
const SETTINGS_ASIDE = 34

/**
 * Returns the panes of the settings screen: preferences, channels and proxies next to all settings.
 */
function settingsScreen(body: Rect): Placed[] {
  const [left, settings] = across(body, Math.max(SETTINGS_ASIDE, Math.floor(body.width * 0.42)))
  const [preferences, rest] = down(left, PREFERENCE_ROWS + BORDERS)
  const [channels, proxies] = down(rest, Math.floor(rest.height / 2))
  return [
    ['preferences', preferences],
    ['channels', channels],
    ['proxies', proxies],
    ['settings', settings],
  ]
}

const phaseCount = ({ opened }: State): number => opened?.phase?.count ?? opened?.history.at(-1)?.count ?? 0

function stack(panes: readonly PaneName[], body: Rect): Placed[] {
  const each = Math.floor(body.height / panes.length)
  return panes.map((pane, index) => {
    const last = index === panes.length - 1
    return [pane, { ...body, top: body.top + index * each, height: last ? body.height - index * each : each }]
  })
}

function down(rect: Rect, height: number): [Rect, Rect] {
  return [
    { ...rect, height },
    { ...rect, top: rect.top + height, height: rect.height - height },
  ]
}

function across(rect: Rect, width: number): [Rect, Rect] {
  return [
    { ...rect, width },
    { ...rect, left: rect.left + width, width: rect.width - width },
  ]
}

export const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value))
