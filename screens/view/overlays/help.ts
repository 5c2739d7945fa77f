import { helpLines } from '../../overlays/help-lines.ts'
import type { Rect } from '../../layout.ts'
import type { Content, Page } from '../page.ts'

/** Returns the help, with as many lines as fit. */
export function helpContent(page: Page, rect: Rect): Content {
  const { width, height } = page.inside(rect)
  const { helpPage } = page.t.words
  const lines = helpLines(page.state, width)
  const visible = Math.max(1, height)
  const start = Math.max(0, Math.min(page.state.help.offset, lines.length - visible))
  const more = start + visible < lines.length
  return {
    title: helpPage.title,
    note: [page.span(more ? helpPage.more : helpPage.close, 'muted')],
    rows: lines
      .slice(start, start + visible)
      .map(line => line.map(({ text, role }) => page.span(text, role))),
  }
}
