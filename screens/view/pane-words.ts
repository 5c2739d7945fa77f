import type { MarkPane } from '../panes.ts'
import type { Page } from './page.ts'
import type { Row } from './drawing/row.ts'
import { wrap } from './drawing/text.ts'

/** How many rows a pane has. */
export const count = (page: Page, items: number): Row => [page.span(page.t.number(items), 'muted')]

/** Before the first snapshot nothing is known, which is not the same as nothing being there. */
export function emptyWords(page: Page, words: string): string {
  return page.state.snapshot === null ? page.t.words.empty.connecting : words
}

/** A sentence in the place of rows, broken into lines. */
export const saidRows = (page: Page, words: string, width: number): Row[] =>
  wrap(words, width).map(line => [page.span(line, 'muted')])

/** How many rows a pane has, and how many of them are marked. */
export function markNote(page: Page, pane: MarkPane, rows: number): Row {
  const marked = page.state.marked[pane].length
  const total = count(page, rows)
  return marked === 0 ? total : [page.span(`${page.t.words.counts.marked(marked)}  `, 'key'), ...total]
}
