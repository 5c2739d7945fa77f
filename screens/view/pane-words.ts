import type { MarkPane } from '../panes.ts'
import type { Page } from './page.ts'
import type { Row } from './drawing/row.ts'
import { wrap } from './drawing/text.ts'

/** Returns the number of a pane's rows. */
export const count = (page: Page, items: number): Row => [page.span(page.t.number(items), 'muted')]

/**
 * Returns the text of a pane without rows. Before the first snapshot the rows are not known yet, so
 * the text says that the console is connecting.
 */
export function emptyWords(page: Page, words: string): string {
  return page.state.snapshot === null ? page.t.words.empty.connecting : words
}

/** Returns a sentence in the place of rows, broken into lines. */
export const saidRows = (page: Page, words: string, width: number): Row[] =>
  wrap(words, width).map(line => [page.span(line, 'muted')])

/** Returns the number of marked rows, if there are any, and the number of a pane's rows. */
export function markNote(page: Page, pane: MarkPane, rows: number): Row {
  const marked = page.state.marked[pane].length
  const total = count(page, rows)
  return marked === 0 ? total : [page.span(`${page.t.words.counts.marked(marked)}  `, 'key'), ...total]
}
