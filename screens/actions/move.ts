import type { ActionId, Binding } from '../binding.ts'
import { noted, only, wordsOf } from '../binding.ts'
import { clamp, paneRows } from '../layout.ts'
import { isListPane, isLogPane, logLines, rowIds } from '../selection.ts'
import { PANES, focusedPane } from '../state.ts'
import type { ListPane, LogPane, PaneName, State } from '../state.ts'

const FAR = Number.MAX_SAFE_INTEGER

/** The state with the cursor of a pane moved by some lines, as far as they go. */
export function moved(state: State, pane: PaneName, lines: number): State {
  if (isListPane(pane)) return selectionMoved(state, pane, lines)
  if (isLogPane(pane)) return logMoved(state, pane, lines)
  const rows =
    pane === 'facts' ? FACTS_MOST : (state.opened?.phase?.count ?? state.opened?.history.length ?? 0)
  const last = Math.max(0, rows - paneRows(state, pane))
  return { ...state, offsets: { ...state.offsets, [pane]: clamp(state.offsets[pane] + lines, 0, last) } }
}

/** Facts are wrapped by the view, which knows how many rows they take: about this many, and it shows the last ones for more. */
const FACTS_MOST = 20

function selectionMoved(state: State, pane: ListPane, lines: number): State {
  const ids = rowIds(state.snapshot, pane)
  const id = state.selected[pane]
  const place = clamp((id === null ? 0 : ids.indexOf(id)) + lines, 0, ids.length - 1)
  return { ...state, selected: { ...state.selected, [pane]: ids[place] ?? null } }
}

function logMoved(state: State, pane: LogPane, lines: number): State {
  const view = state.logs[pane]
  const shown = view.following ? logLines(state, pane) : view.lines
  const rows = paneRows(state, pane)
  const end = clamp(
    (view.following ? shown.length : view.end) + lines,
    Math.min(rows, shown.length),
    shown.length,
  )
  if (view.following && end === shown.length) return state
  const next = lines === FAR ? { following: true as const } : { following: false as const, lines: shown, end }
  return { ...state, logs: { ...state.logs, [pane]: next } }
}

/** The log panes: follow the newest line, or hold what is shown. */
function followToggled(state: State, pane: LogPane): State {
  const lines = logLines(state, pane)
  const next = state.logs[pane].following
    ? { following: false as const, lines, end: lines.length }
    : { following: true as const }
  return { ...state, logs: { ...state.logs, [pane]: next } }
}

function paneTurned(state: State, step: number): State {
  const panes = PANES[state.screen]
  const place = panes.indexOf(focusedPane(state)) + step
  const pane = panes[(place + panes.length) % panes.length] ?? focusedPane(state)
  return { ...state, focus: { ...state.focus, [state.screen]: pane } }
}

/** Moves in the help page when it is open, otherwise in the focused pane. */
function mover(keys: readonly string[], lines: (state: State) => number): Binding {
  return {
    keys,
    group: 'move',
    footer: 0,
    applies: () => true,
    run: state => {
      const by = lines(state)
      if (!state.help.open) return only(moved(state, focusedPane(state), by))
      return only({
        ...state,
        help: { open: true, offset: Math.max(0, Math.min(state.help.offset + by, HELP_END)) },
      })
    },
  }
}

/** The view shows the last page of help for any offset beyond it; this keeps the way back short. */
const HELP_END = 60

const page = (state: State) =>
  Math.max(1, state.help.open ? state.size.rows - 6 : paneRows(state, focusedPane(state)) - 1)

const hasSeveralPanes = (state: State) => PANES[state.screen].length > 1

export const MOVE = {
  nextPane: {
    keys: ['tab'],
    group: 'move',
    footer: 30,
    applies: hasSeveralPanes,
    run: state => only(paneTurned(state, 1)),
  },
  previousPane: {
    keys: ['S-tab'],
    group: 'move',
    footer: 0,
    applies: hasSeveralPanes,
    run: state => only(paneTurned(state, -1)),
  },
  up: mover(['up', 'k'], () => -1),
  down: mover(['down', 'j'], () => 1),
  pageUp: mover(['pageup'], state => -page(state)),
  pageDown: mover(['pagedown'], page),
  top: mover(['g', 'home'], () => -FAR),
  bottom: mover(['G', 'end'], () => FAR),
  follow: {
    keys: ['f'],
    group: 'view',
    footer: 20,
    applies: state => !state.help.open && isLogPane(focusedPane(state)),
    run: (state, key) => {
      const pane = focusedPane(state)
      if (!isLogPane(pane)) return only(state)
      const { did } = wordsOf(state)
      return only(
        noted(followToggled(state, pane), key, state.logs[pane].following ? did.held : did.following),
      )
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
