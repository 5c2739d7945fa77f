import { BOX_BORDERS, BOX_SIDES } from './box.ts'
import type { Role } from '../../theme.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

/** Widest box of rows that are filled in. */
export const WIDEST = 76
/** Widest box of rows that are chosen among: enough for the longest sentence of a key beside its name. */
export const WIDEST_CHOICE = 110
/** Cells of a name before what is said of it. */
export const NAME = 22
const MOST_ROWS = 14
/** Lines in which something is said of the row under the cursor. */
export const SAID_ROWS = 2
/** The same where a line is short. */
export const SAID_ROWS_NARROW = 3
/** Below this a row has no room for a sentence beside its name, and nothing says what the keys do. */
export const SENTENCE_FROM = 56

/** How many of these rows are shown at once, beside others of the box. */
export const roomOf = (page: Page, wanted: number, others: number, most = MOST_ROWS): number =>
  Math.max(1, Math.min(most, wanted, page.size.rows - BOX_BORDERS - others))

export const widthOf = (page: Page, widest = WIDEST): number =>
  Math.max(1, Math.min(widest, page.size.columns) - BOX_SIDES)

/** Makes the rows that are shown clickable: each is what `index` says. */
export function pressable(page: Page, region: Region, above: number, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { left, top, width } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 1 + above + index, width, height: 1, target })
  }
}

/** A sentence in a fixed number of lines, so that the box keeps its size whichever row is chosen; only what is longer than all of them is cut. */
export function saidWhole(
  page: Page,
  text: string,
  width: number,
  rows: number,
  role: Role = 'muted',
): Row[] {
  const lines = wrap(text, width)
  return Array.from({ length: rows }, (_, index): Row => {
    const rest = index === rows - 1 ? lines.slice(index).join(' ') : (lines[index] ?? '')
    return [page.span(cut(rest, width), role)]
  })
}
