import type { LogLine } from '../../lib/domain/log-line.ts'
import type { Rect } from '../layout.ts'
import { logLines } from '../selection.ts'
import type { LogPane } from '../state.ts'
import { LEVEL_MARKS } from './marks.ts'
import type { Content, Page } from './page.ts'
import type { Row } from './row.ts'
import { cut, fit } from './text.ts'

const SOURCE = 12
/** `14:03:22 ! ` */
const TIME = 11
/** Below this a line says who only by its message. */
const SOURCE_FROM = 56

/** The newest lines of a log, or those it held when it was told to keep still. */
export function logContent(page: Page, pane: LogPane, rect: Rect): Content {
  const { state, t } = page
  const { width, height } = page.inside(rect)
  const view = state.logs[pane]
  const live = logLines(state, pane)
  const lines = view.following ? live : view.lines
  const end = view.following ? lines.length : Math.max(view.end, Math.min(height, lines.length))
  const rows = lines.slice(Math.max(0, end - height), end).map(line => lineRow(page, line, width))
  const { words } = t
  const last = view.following ? undefined : view.lines.at(-1)
  const newer = last === undefined ? 0 : live.length - 1 - live.lastIndexOf(last)
  const note = view.following
    ? [page.span(words.badge.following, 'muted')]
    : [
        page.span(words.badge.paused, 'warn'),
        ...(newer > 0 ? [page.span(` ${words.counts.newLines(newer)}`)] : []),
      ]
  const empty: Row[] = rows.length > 0 ? [] : [[page.span(words.empty.log, 'muted')]]
  return { title: words.panes[pane], note, rows: [...rows, ...empty] }
}

function lineRow(page: Page, line: LogLine, width: number): Row {
  const { t } = page
  const { glyph, role } = LEVEL_MARKS[line.level]
  const loud = line.level === 'error' || line.level === 'warn'
  const who =
    line.jobId === undefined
      ? line.source
      : `#${line.jobId}${line.member === undefined ? '' : `·${line.member}`}`
  const source = width >= SOURCE_FROM ? [page.span(`${fit(who, SOURCE)} `, 'muted')] : []
  const taken = TIME + (source.length > 0 ? SOURCE + 1 : 0)
  return [
    page.span(`${t.clock(line.at)} `, 'muted'),
    page.span(`${glyph} `, role),
    ...source,
    page.span(cut(line.message, width - taken), loud ? role : 'text'),
  ]
}
