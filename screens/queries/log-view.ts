import { LOG_LEVELS } from '../../lib/model/log-line.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { NO_SEARCH } from './log-search.ts'
import type { LogSearch } from './log-search.ts'
import type { Pattern } from './pattern.ts'
import type { LogPane } from '../panes.ts'
import type { LogView, State } from '../state.ts'

/** Who wrote a line: the worker of a job, or a part of the program. */
export function writerOf({ jobId, member, source }: LogLine): string {
  if (jobId === undefined) return source
  return `#${jobId}${member === undefined ? '' : `·${member}`}`
}

/** The lines of a log pane as they are now, before any filter. */
export function logLines(state: State, pane: LogPane): readonly LogLine[] {
  const lines = state.snapshot?.log ?? []
  return pane === 'log' ? lines : lines.filter(({ workerId }) => workerId === state.opened?.workerId)
}

/** The lines it holds: those of now, or those of when it was told to keep still. */
export function heldLines(state: State, pane: LogPane): readonly LogLine[] {
  const view = state.logs[pane]
  return view.following ? logLines(state, pane) : view.lines
}

/** What is looked for in a pane: nothing on the dashboard, where it is a glance at the newest lines. */
export function searchOf({ screen, searches }: State, pane: LogPane): LogSearch {
  return screen === 'dashboard' ? NO_SEARCH : searches[pane]
}

/** Whether a filter leaves lines out. */
export const isFiltered = ({ filter, level, writer }: LogSearch): boolean =>
  filter !== null || level !== 'debug' || writer !== null

/** What is known of a line for a pattern: a line is looked into once, however often it is painted. */
const known = new WeakMap<Pattern, WeakMap<LogLine, boolean>>()

/** Tells whether a pattern is in a line: in its message or its writer. */
export function isIn(pattern: Pattern, line: LogLine): boolean {
  const lines = known.get(pattern) ?? new WeakMap<LogLine, boolean>()
  known.set(pattern, lines)
  const answer = lines.get(line)
  if (answer !== undefined) return answer
  const found = pattern.find(line.message) !== null || pattern.find(writerOf(line)) !== null
  lines.set(line, found)
  return found
}

/** What is told of a job as a whole, and what each of its workers writes, is of the job. */
const isOf = (wanted: string, writer: string): boolean => writer === wanted || writer.startsWith(`${wanted}·`)

/** Tells whether a filter lets a line through. */
export function passes({ filter, level, writer }: LogSearch, line: LogLine): boolean {
  return (
    LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level) &&
    (writer === null || isOf(writer, writerOf(line))) &&
    (filter === null || isIn(filter, line))
  )
}

/** What a log pane shows: its lines that pass, and the place of the cursor among them; -1 where there is none. */
export interface ShownLog {
  readonly lines: readonly LogLine[]
  readonly cursor: number
}

/** The lines that a log pane shows now. A cursor whose line is left out stands on the nearest one above. */
export function shownLog(state: State, pane: LogPane): ShownLog {
  const search = searchOf(state, pane)
  const held = heldLines(state, pane)
  const lines = isFiltered(search) ? held.filter(line => passes(search, line)) : held
  const view = state.logs[pane]
  if (view.following) return { lines, cursor: lines.length - 1 }
  const above = held.slice(0, view.cursor + 1).filter(line => passes(search, line)).length
  return { lines, cursor: Math.min(lines.length - 1, Math.max(0, above - 1)) }
}

/** The state with a pane's cursor on one of the lines that it shows; it holds still from then on. */
export function pointedAt(state: State, pane: LogPane, line: LogLine): State {
  const view = state.logs[pane]
  const lines = heldLines(state, pane)
  const frozen = !view.following && view.frozen
  const next = { following: false, frozen, file: fileOf(view), lines, cursor: lines.indexOf(line) } as const
  return { ...state, logs: { ...state.logs, [pane]: next } }
}

/** The state with a pane following its newest line, or held where it is. */
export function followed(state: State, pane: LogPane, how: 'follow' | 'hold' | 'freeze'): State {
  const view = state.logs[pane]
  const lines = heldLines(state, pane)
  const cursor = view.following ? lines.length - 1 : view.cursor
  const held = { following: false, frozen: how === 'freeze', file: fileOf(view), lines, cursor } as const
  return { ...state, logs: { ...state.logs, [pane]: how === 'follow' ? { following: true } : held } }
}

const fileOf = (view: LogView): string | null => (view.following ? null : view.file)

/** How many lines have come that would be shown, since it was told to keep still; `more` when some of them are not kept any more. */
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

/** A line as it stands in a file or in the clipboard. */
export function lineText(line: LogLine): string {
  return `${new Date(line.at).toISOString()} ${line.level.padEnd(5)} ${writerOf(line)} ${line.message}`
}
