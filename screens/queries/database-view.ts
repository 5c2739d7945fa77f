import { logActivity, wordsOf } from '../binding.ts'
import { NO_TABLE, rowAtCursor, rowId, rowsHeld, tableShown } from '../../lib/app/port/database.ts'
import type { DatabaseView } from '../../lib/app/port/database.ts'
import { clamp } from '../layout.ts'
import type { State } from '../state.ts'

function viewed(state: State, change: Partial<DatabaseView>): State {
  return { ...state, database: { ...state.database, ...change } }
}

/** Returns the state with another filter or order of the rows, and the cursor on the first row. */
function reordered(state: State, change: Pick<DatabaseView, 'filter'> | Pick<DatabaseView, 'sort'>): State {
  return {
    ...viewed(state, { ...change, cursor: 0, problem: null }),
    selected: { ...state.selected, rows: null },
  }
}

/**
 * Returns the state with a table chosen and the cursor on its first row. The rows are read later.
 */
export function tableChosen(state: State, table: string | null): State {
  if (state.database.table === table) return state
  const { tables } = state.database
  const next = { ...NO_TABLE, tables, table }
  return {
    ...state,
    database: next,
    selected: { ...state.selected, tables: table, rows: null },
    marked: { ...state.marked, rows: [] },
  }
}

/**
 * Returns the state with the cursor moved by some rows, within the bounds of the table. A row
 * outside the loaded page is requested.
 */
export function rowsMoved(state: State, lines: number): State {
  const { database } = state
  const { total } = rowsHeld(database)
  return onRow(viewed(state, { cursor: clamp(database.cursor + lines, 0, Math.max(0, total - 1)) }))
}

/** Returns the state with the selection on the row under the cursor. */
export function onRow(state: State): State {
  const table = state.database.shown?.page.table
  const row = rowAtCursor(state.database)
  const id = table === undefined || row === undefined ? null : rowId(table, row)
  return { ...state, selected: { ...state.selected, rows: id } }
}

/** Returns the state with only the rows that contain a text; an empty text shows all. */
export function rowsFiltered(state: State, filter: string, key: string): State {
  const { activity } = wordsOf(state)
  const next = { ...reordered(state, { filter }), marked: { ...state.marked, rows: [] } }
  return logActivity(next, key, filter === '' ? activity.rowsAll : activity.rowsFilter(filter))
}

/** Returns the state with the cursor moved by some columns to the right. */
export function columnMoved(state: State, by: number): State {
  const last = (tableShown(state.database)?.columns.length ?? 1) - 1
  return viewed(state, { column: clamp(state.database.column + by, 0, last) })
}

/**
 * Sorts by the column under the cursor: at the first press ascending, then descending, then by the
 * key of the table again.
 */
export function sortBy(state: State, key: string): State {
  const { database } = state
  const name = tableShown(database)?.columns[database.column]?.name
  if (name === undefined) return state
  const { sort } = database
  const { activity } = wordsOf(state)
  const here = sort?.column === name ? sort : null
  if (here?.descending === true) return unsorted(state, key)
  const descending = here !== null
  return logActivity(
    reordered(state, { sort: { column: name, descending } }),
    key,
    descending ? activity.sortDown(name) : activity.sortUp(name),
  )
}

/** Returns the state with the rows in the order of their key. */
export const unsorted = (state: State, key: string): State =>
  logActivity(reordered(state, { sort: null }), key, wordsOf(state).activity.sortOff)
