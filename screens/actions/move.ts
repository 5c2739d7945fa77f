import type { ActionId, Binding } from '../binding.ts'
import { noEffects } from '../binding.ts'
import { rowsHeld } from '../../lib/app/port/database.ts'
import { rowsMoved, tableChosen } from '../queries/database-view.ts'
import { clamp, paneRows } from '../layout.ts'
import { followed, pointedAt, shownLog } from '../queries/log-view.ts'
import { isListPane, isLogPane } from '../panes.ts'
import { rowIds } from '../selection.ts'
import { panesOfScreen } from '../panes.ts'
import { focusedPane } from '../state.ts'
import type { ListPane, LogPane, PaneName } from '../panes.ts'
import type { State } from '../state.ts'

const FAR = Number.MAX_SAFE_INTEGER

/**
 * Returns the state with the cursor of a pane moved by some lines, within the bounds of the list.
 */
export function moveCursor(state: State, pane: PaneName, lines: number): State {
  if (pane === 'rows') return rowsMoved(state, lines)
  if (isListPane(pane)) return selectionMoved(state, pane, lines)
  if (isLogPane(pane)) return logMoved(state, pane, lines)
  const rows =
    pane === 'facts' ? FACTS_MOST : (state.opened?.phase?.count ?? state.opened?.history.length ?? 0)
  const last = Math.max(0, rows - paneRows(state, pane))
  return { ...state, offsets: { ...state.offsets, [pane]: clamp(state.offsets[pane] + lines, 0, last) } }
}

/**
 * Maximum scroll offset of the facts pane, in lines. Only the view knows how many lines the wrapped
 * facts take, so it shows the last lines if the offset is too large.
 */
const FACTS_MOST = 20

function selectionMoved(state: State, pane: ListPane, lines: number): State {
  const ids = rowIds(state, pane)
  const id = state.selected[pane]
  const place = clamp((id === null ? 0 : ids.indexOf(id)) + lines, 0, ids.length - 1)
  return selectedIn(state, pane, ids[place] ?? null)
}

/** Returns the state with the row `id` of a pane selected. */
export function selectedIn(state: State, pane: ListPane, id: string | null): State {
  if (pane === 'tables') return tableChosen(state, id)
  if (pane === 'rows' && id !== null) {
    const { offset } = rowsHeld(state.database)
    return rowsMoved(state, offset + rowIds(state, pane).indexOf(id) - state.database.cursor)
  }
  return { ...state, selected: { ...state.selected, [pane]: id } }
}

/**
 * Moves the cursor of a log pane. While the log follows its end, the cursor is on the newest line.
 * Moving the cursor back to the end makes the log follow again, unless the log is frozen.
 */
function logMoved(state: State, pane: LogPane, lines: number): State {
  const view = state.logs[pane]
  if (lines === FAR && (view.following || !view.frozen)) return followed(state, pane, 'follow')
  const shown = shownLog(state, pane)
  const place = clamp(shown.cursor + lines, 0, shown.lines.length - 1)
  const line = shown.lines[place]
  if (line === undefined || (view.following && place === shown.cursor)) return state
  return pointedAt(state, pane, line)
}

function paneTurned(state: State, step: number): State {
  const panes = panesOfScreen(state.screen)
  const place = panes.indexOf(focusedPane(state)) + step
  const pane = panes[(place + panes.length) % panes.length] ?? focusedPane(state)
  return { ...state, focus: { ...state.focus, [state.screen]: pane } }
}

/**
 * Returns a binding that scrolls the help page if the help is open, and otherwise moves the cursor
 * of the focused pane.
 */
function mover(keys: readonly string[], lines: (state: State) => number): Binding {
  return {
    keys,
    group: 'move',
    footer: 0,
    applies: () => true,
    run: state => {
      const by = lines(state)
      return noEffects(state.help.open ? helpMoved(state, by) : moveCursor(state, focusedPane(state), by))
    },
  }
}

/**
 * Returns the state with the help scrolled by some lines. `update` limits the offset to the last
 * page.
 */
export const helpMoved = (state: State, lines: number): State => ({
  ...state,
  help: { ...state.help, offset: Math.max(0, state.help.offset + lines) },
})

const page = (state: State) =>
  Math.max(1, state.help.open ? state.size.rows - 6 : paneRows(state, focusedPane(state)) - 1)

/**
 * True if the focus can move to another pane. The picture of a worker's page covers all panes of
 * its screen, so the focus cannot move while the picture is open.
 */
const hasSeveralPanes = (state: State) =>
  !state.help.open && state.picture === null && panesOfScreen(state.screen).length > 1

export const MOVE = {
  nextPane: {
    keys: ['tab'],
    group: 'move',
    footer: 30,
    applies: hasSeveralPanes,
    run: state => noEffects(paneTurned(state, 1)),
  },
  previousPane: {
    keys: ['S-tab'],
    group: 'move',
    footer: 0,
    applies: hasSeveralPanes,
    run: state => noEffects(paneTurned(state, -1)),
  },
  up: mover(['up', 'k'], () => -1),
  down: mover(['down', 'j'], () => 1),
  pageUp: mover(['pageup'], state => -page(state)),
  pageDown: mover(['pagedown'], page),
  top: mover(['g', 'home'], () => -FAR),
  bottom: mover(['G', 'end'], () => FAR),
} satisfies Partial<Record<ActionId, Binding>>
