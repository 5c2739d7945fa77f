import type { Page } from './page.ts'
import type { Row } from './row.ts'

/** How many rows a pane has. */
export const count = (page: Page, items: number): Row => [page.span(page.t.number(items), 'muted')]

/** Before the first snapshot nothing is known, which is not the same as nothing being there. */
export function emptyWords(page: Page, words: string): string {
  return page.state.snapshot === null ? page.t.words.empty.connecting : words
}
