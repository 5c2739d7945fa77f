import { LOG_LEVELS } from '../../lib/model/log-line.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { NO_SEARCH } from './log-search.ts'
import type { LogSearch } from './log-search.ts'
import type { Pattern } from './pattern.ts'
import type { LogPane } from '../panes.ts'
import type { LogView, State } from '../state.ts'

/**
 * Returns the writer of a line: `#12·2` for a worker of a job, `#12` for a job, else the part of
 * the program.
 */
export function writerOf({ jobId, member, source }: LogLine): string {
  if (jobId === undefined) return source
  return `#${jobId}${member === undefined ? '' : `·${member}`}`
}

/** Returns the present lines of a log pane, before any filter. */
export function logLines(state: State, pane: LogPane): readonly LogLine[] {
  const lines = state.snapshot?.log ?? []
  return pane === 'log' ? lines : lines.filter(({ workerId }) => workerId === state.opened?.workerId)
}

/**
 * Returns the lines of a log pane before any filter: the present lines, or, if the log is held, the
 * lines from the moment when it was held.
 */
export function heldLines(state: State, pane: LogPane): readonly LogLine[] {
  const view = state.logs[pane]
  return view.following ? logLines(state, pane) : view.lines
}

/**
 * Returns the search of a log pane. The dashboard has none, because it shows the newest lines only.
 */
export function searchOf({ screen, searches }: State, pane: LogPane): LogSearch {
  return screen === 'dashboard' ? NO_SEARCH : searches[pane]
}

/** True if a filter leaves lines out. */
export const isFiltered = ({ filter, level, writer }: LogSearch): boolean =>
  filter !== null || level !== 'debug' || writer !== null

/**
 * Cache of the results of `isIn`, by pattern and line. Each line is searched once, however often it
 * is painted.
 */
const known = new WeakMap<Pattern, WeakMap<LogLine, boolean>>()

/** True if a pattern matches a line, in its message or its writer. */
export function isIn(pattern: Pattern, line: LogLine): boolean {
  const lines = known.get(pattern) ?? new WeakMap<LogLine, boolean>()
  known.set(pattern, lines)
  const answer = lines.get(line)
  if (answer !== undefined) return answer
  const found = pattern.find(line.message) !== null || pattern.find(writerOf(line)) !== null
  lines.set(line, found)
  return found
}

/** True if the writer is the wanted one, or a worker of the wanted job. */
const isOf = (wanted: string, writer: string): boolean => writer === wanted || writer.startsWith(`${wanted}·`)

/** True if a line passes the filters. */
export function passes({ filter, level, writer }: LogSearch, line: LogLine): boolean {
  return (
    LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level) &&
    (writer === null || isOf(writer, writerOf(line))) &&
    (filter === null || isIn(filter, line))
  )
}

/** Visible lines of a log pane, and the index of the line under the cursor; -1 without a cursor. */
export interface ShownLog {
  readonly lines: readonly LogLine[]
  readonly cursor: number
}

/**
 * Returns the visible lines of a log pane. If the cursor's line is filtered out, the cursor moves
 * to the nearest visible line above.
 */
export function shownLog(state: State, pane: LogPane): ShownLog {
  const search = searchOf(state, pane)
  const held = heldLines(state, pane)
  const lines = isFiltered(search) ? held.filter(line => passes(search, line)) : held
  const view = state.logs[pane]
  if (view.following) return { lines, cursor: lines.length - 1 }
  const above = held.slice(0, view.cursor + 1).filter(line => passes(search, line)).length
  return { lines, cursor: Math.min(lines.length - 1, Math.max(0, above - 1)) }
}

/**
 * Returns the state with the cursor of a log pane on one of its visible lines. The log is held from
 * then on.
 */
export function pointedAt(state: State, pane: LogPane, line: LogLine): State {
  const view = state.logs[pane]
  const lines = heldLines(state, pane)
  const frozen = !view.following && view.frozen
  const next = { following: false, frozen, file: fileOf(view), lines, cursor: lines.indexOf(line) } as const
  return { ...state, logs: { ...state.logs, [pane]: next } }
}

/**
 * Returns the state with a log pane that follows its newest line, or that is held or frozen at its
 * present lines.
 */
export function followed(state: State, pane: LogPane, how: 'follow' | 'hold' | 'freeze'): State {
  const view = state.logs[pane]
  const lines = heldLines(state, pane)
  const cursor = view.following ? lines.length - 1 : view.cursor
  const held = { following: false, frozen: how === 'freeze', file: fileOf(view), lines, cursor } as const
  return { ...state, logs: { ...state.logs, [pane]: how === 'follow' ? { following: true } : held } }
}

const fileOf = (view: LogView): string | null => (view.following ? null : view.file)

/**
 * Returns how many lines that pass the filters were logged since the log was held. `more` is true
 * if the oldest of these lines have been dropped, so that there were more.
 */
export function newerLines(state: State, pane: LogPane): { readonly count: number; readonly more: boolean } {
  const view = state.logs[pane]
  if (view.following || view.file !== null) return { count: 0, more: false }
  const live = logLines(state, pane)
  const last = view.lines.at(-1)
  const place = last === undefined ? -1 : live.lastIndexOf(last)
  const search = searchOf(state, pane)
  const count = live.slice(place + 1).filter(line => passes(search, line)).length
  return { count, more: last !== undefined && place === -1 }
}

/** Returns a line as text for a file or the clipboard. */
export function lineText(line: LogLine): string {
  return `${new Date(line.at).toISOString()} ${line.level.padEnd(5)} ${writerOf(line)} ${line.message}`
}
