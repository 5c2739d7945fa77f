import { keyOf } from '../../lib/model/table.ts'
import { logActivity, translatorOf } from '../binding.ts'
import { cellText, jsonLines } from '../details/cell-text.ts'
import { keyWords } from '../forms/form-purpose.ts'
import { PAGE_ROWS, rowId, rowsQuery, sameQuery } from '../../lib/app/port/database.ts'
import type { DatabaseView } from '../../lib/app/port/database.ts'
import { onRow, tableChosen } from './database-view.ts'
import { clamp } from '../layout.ts'
import type { Lookup, LookupAnswer, LookupResult } from '../../lib/app/port/lookup.ts'
import { changeForm } from '../forms/row-form.ts'
import { cellShown } from '../forms/secret-input.ts'
import type { State } from '../state.ts'

/** Interval at which an open view is reread, because running jobs change its data. */
const READ_EVERY_MS = 2_000

/**
 * Minimum interval between reads, as a multiple of the last read's duration. It limits the load
 * that a large table causes.
 */
const REST = 10

const seen = ({ screen, snapshot }: State): boolean =>
  screen === 'database' && snapshot !== null && snapshot.connection !== 'connecting'

/**
 * Returns the lookup of the database screen; null if another screen is in front or if nothing has
 * changed.
 */
export function databaseLookup(state: State): Extract<Lookup, { type: 'database' }> | null {
  const { database } = state
  if (!seen(state)) return null
  const rows = rowsQuery(database)
  const asked = database.shown === null ? null : database.shown.query
  // A failed read is retried at the next interval, not at once.
  if (!database.stale && (database.problem !== null || sameQuery(rows, asked))) return null
  return { type: 'database', rows }
}

/** Marks the rows as stale once the interval since the last read is over. */
export function databaseTick(state: State): State {
  const { database, now } = state
  const due = database.readAt + Math.max(READ_EVERY_MS, REST * database.tookMs)
  return seen(state) && now >= due && !database.stale
    ? { ...state, database: { ...database, stale: true } }
    : state
}

/**
 * Returns the state with the reply of the store. The cursor stays on its row, wherever the row is
 * now.
 */
export function databaseAnswered(
  state: State,
  { rows: query }: Extract<Lookup, { type: 'database' }>,
  result: LookupResult,
  tookMs: number,
): State {
  const read = { stale: false, readAt: state.now, tookMs }
  if (!result.ok) return { ...state, database: { ...state.database, ...read, problem: result.message } }
  const { answer } = result
  if (answer.type !== 'database') return state
  const { tables, page } = answer
  const known = { ...state, database: { ...state.database, ...read, tables, problem: null } }
  const first = tables[0]?.name ?? null
  if (known.database.table === null) return tableChosen(known, first)
  // The operator has chosen another table in the meantime. The next lookup asks for its rows.
  if (query === null || page === null || query.table !== known.database.table) return known
  const shown = { query, page }
  const cursor = cursorIn({ ...known.database, shown }, state)
  return onRow({ ...known, database: { ...known.database, shown, cursor } })
}

function cursorIn(view: DatabaseView, { selected, database }: State): number {
  const { shown, cursor } = view
  if (shown === null) return 0
  const { page, query } = shown
  const last = Math.max(0, page.total - 1)
  const moved = query.offset !== (database.shown?.query.offset ?? 0)
  const place = page.rows.findIndex(row => rowId(page.table, row) === selected.rows)
  const follows = selected.rows !== null && place !== -1 && !moved
  return clamp(follows ? (query.offset ?? 0) + place : cursor, 0, last)
}

/**
 * Returns the lookup of the rows to read with their whole values; null if there are none, or if
 * another screen is in front.
 */
export function recordsLookup(state: State): Extract<Lookup, { type: 'records' }> | null {
  const { records, table } = state.database
  if (!seen(state) || records === null || table === null) return null
  return { type: 'records', table, keys: records.keys.slice(0, PAGE_ROWS) }
}

/**
 * Opens the record or the form for which the rows were read, unless the operator has left the
 * screen.
 */
export function recordsAnswered(state: State, result: LookupResult): State {
  const { records } = state.database
  const next: State = { ...state, database: { ...state.database, records: null } }
  const elsewhere =
    state.screen !== 'database' || state.overlay !== null || state.dialog !== null || state.prompt !== null
  if (records === null || elsewhere) return next
  if (!result.ok) return logActivity(next, '', result.message, 'bad')
  const { answer } = result
  if (answer.type !== 'records') return next
  return records.purpose === 'show'
    ? recordOpened(next, answer)
    : changeForm(next, answer.table, present(answer))
}

const present = ({ rows }: Extract<LookupAnswer, { type: 'records' }>) => rows.filter(row => row !== null)

function recordOpened(state: State, answer: Extract<LookupAnswer, { type: 'records' }>): State {
  const { table } = answer
  const [cells] = present(answer)
  if (cells === undefined) return state
  const t = translatorOf(state)
  const entries = table.columns.map((column, index) => {
    const cell = cellShown(state, table, cells, index)
    const json = column.kind === 'json' && typeof cell === 'string'
    return { name: column.name, text: json ? jsonLines(cell) : cellText(column, cell, t) }
  })
  const title = t.words.dialog.recordTitle(keyWords(keyOf(table, cells)), table.name)
  return { ...state, overlay: { type: 'record', title, entries, offset: 0 } }
}
