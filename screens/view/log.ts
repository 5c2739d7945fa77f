import type { LogLine } from '../../lib/model/log-line.ts'
import type { Rect } from '../layout.ts'
import { heldLines, isFiltered, newerLines, searchOf, shownLog, writerOf } from '../queries/log-view.ts'
import type { LogSearch } from '../queries/log-search.ts'
import type { LogPane } from '../panes.ts'
import { focusedPane } from '../state.ts'
import type { Role } from '../theme.ts'
import { LEVEL_MARKS } from './drawing/status-glyphs.ts'
import type { Content, Page } from './page.ts'
import { saidRows } from './pane-words.ts'
import type { Row, Span } from './drawing/row.ts'
import { fitRow, highlighted } from './drawing/row.ts'
import { cut, fit, textWidth, wrap } from './drawing/text.ts'

const SOURCE = 12
/** Width in cells of the time and the level, `14:03:22 ! `. */
const TIME = 11
/** Minimum width, in cells, at which a log line shows its source. */
const SOURCE_FROM = 56
/** Cells that a note leaves free for the title and the frame of its pane. */
const NOTE_MARGIN = 8

/** Returns the newest lines of a log, or the lines around the cursor of a held log. */
export function logContent(page: Page, pane: LogPane, rect: Rect): Content {
  const { state, t } = page
  const { words } = t
  const { width, height } = page.inside(rect)
  const { lines, cursor } = shownLog(state, pane)
  const search = searchOf(state, pane)
  const pointed = state.logs[pane].following ? -1 : cursor
  const rowsAt = (place: number): Row[] => {
    const line = lines[place]
    return line === undefined ? [] : lineRows(page, { pane, line, search, pointed: place === pointed }, width)
  }
  const rows = around(rowsAt, lines.length, cursor, height)
  const held = heldLines(state, pane)
  const [first] = held
  const nothing =
    isFiltered(search) && first !== undefined
      ? words.empty.filtered(held.length, t.clock(first.at))
      : words.empty.log
  const empty = rows.length > 0 ? [] : saidRows(page, nothing, width)
  const title = words.panes[pane]
  const note = noteOf(page, pane, search, width - textWidth(title) - NOTE_MARGIN)
  return { title, note, rows: [...rows, ...empty] }
}

/**
 * Returns the rows around the line under the cursor, as many as fit into `height`. The line under
 * the cursor is in the middle if there are enough rows above and below it.
 */
function around(rowsAt: (place: number) => Row[], count: number, cursor: number, height: number): Row[] {
  const own = rowsAt(cursor).slice(0, height)
  const room = height - own.length
  const below: Row[] = []
  for (let place = cursor + 1; place < count && below.length < room; place += 1) below.push(...rowsAt(place))
  const wanted = Math.max(Math.min(Math.floor(height / 2), room), room - below.length)
  let above: Row[] = []
  for (let place = cursor - 1; place >= 0 && above.length < wanted; place -= 1)
    above = [...rowsAt(place), ...above]
  above = above.slice(Math.max(0, above.length - wanted))
  return [...above, ...own, ...below].slice(0, height)
}

function noteOf(page: Page, pane: LogPane, search: LogSearch, room: number): Row {
  const { state, t } = page
  const { badge, counts } = t.words
  const view = state.logs[pane]
  const how = view.following ? badge.following : view.frozen ? badge.paused : badge.held
  const { count, more: notAll } = newerLines(state, pane)
  const said = notAll ? counts.newLinesAtLeast(count) : counts.newLines(count)
  const more = count > 0 ? ` ${said}` : ''
  const filter = filterText(page, search)
  const left = room - textWidth(how + more) - 2
  return [
    ...(filter === '' || left < LEAST_FILTER ? [] : [page.span(`${cut(filter, left)}  `, 'key')]),
    page.span(how, view.following ? 'muted' : 'warn'),
    page.span(more),
  ]
}

/** Minimum width, in cells, at which the text of a filter is shown. */
const LEAST_FILTER = 4

/** Returns the filters of a log in a few words. */
function filterText(page: Page, { filter, level, writer }: LogSearch): string {
  const { words } = page.t
  return [
    filter === null ? '' : filter.regex ? `/${filter.text}/` : `"${filter.text}"`,
    level === 'debug' ? '' : `≥ ${words.level[level]}`,
    writer ?? '',
  ]
    .filter(part => part !== '')
    .join(' ')
}

interface Shown {
  readonly pane: LogPane
  readonly line: LogLine
  readonly search: LogSearch
  readonly pointed: boolean
}

function lineRows(page: Page, { pane, line, search, pointed }: Shown, width: number): Row[] {
  const { t, state } = page
  const { glyph, role } = LEVEL_MARKS[line.level]
  const loud = line.level === 'error' || line.level === 'warn'
  const source = width >= SOURCE_FROM ? [page.span(`${fit(writerOf(line), SOURCE)} `, 'muted')] : []
  const taken = TIME + (source.length > 0 ? SOURCE + 1 : 0)
  const room = width - taken
  const lead = [
    page.span(t.clock(line.at), 'muted'),
    page.span(pointed ? '›' : ' ', pointed ? 'key' : 'muted'),
    page.span(`${glyph} `, role),
    ...source,
  ]
  const parts = state.wrapped && room > 1 ? wrap(line.message, room) : []
  const texts = parts.length > 0 ? parts : [cut(line.message, room)]
  return texts.map((text, index) => {
    const row = [
      ...(index === 0 ? lead : [page.span(' '.repeat(Math.min(taken, width)))]),
      ...foundSpans(page, search, text, loud ? role : 'text'),
    ]
    if (!pointed) return row
    const focused = focusedPane(state) === pane
    return highlighted(fitRow(row, width, page.style('text')), page.style(focused ? 'selected' : 'held'))
  })
}

/** Returns a message with the match of the search highlighted. */
function foundSpans(page: Page, { find }: LogSearch, text: string, role: Role): Span[] {
  const found = find?.find(text) ?? null
  if (found === null || found.from === found.to) return [page.span(text, role)]
  return [
    page.span(text.slice(0, found.from), role),
    { text: text.slice(found.from, found.to), style: { ...page.style('key'), underline: true } },
    page.span(text.slice(found.to), role),
  ]
}
