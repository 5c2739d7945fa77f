import { BOX_BORDERS, BOX_SIDES } from './box.ts'
import type { Role } from '../../theme.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

/** Widest box of a form. */
export const WIDEST = 76
/** Widest box of a list. The longest help sentence of a key fits next to its name. */
export const WIDEST_CHOICE = 110
/** Cells of a name before its description. */
export const NAME = 22
const MOST_ROWS = 14
/** Lines for a text about the row under the cursor. */
export const SAID_ROWS = 2
/** Lines for the same text in a narrow box. */
export const SAID_ROWS_NARROW = 3
/**
 * Least width of a row with a sentence next to its name. Narrower boxes have no hint about the
 * keys.
 */
export const SENTENCE_FROM = 56

/** Returns how many of these rows are visible at once, among the other rows of the box. */
export const roomOf = (page: Page, wanted: number, others: number, most = MOST_ROWS): number =>
  Math.max(1, Math.min(most, wanted, page.size.rows - BOX_BORDERS - others))

export const widthOf = (page: Page, widest = WIDEST): number =>
  Math.max(1, Math.min(widest, page.size.columns) - BOX_SIDES)

/**
 * Makes `count` visible rows clickable, from the option `start` on, below `above` rows of the box.
 */
export function pressable(page: Page, region: Region, above: number, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { left, top, width } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 1 + above + index, width, height: 1, target })
  }
}

/**
 * Returns a sentence in a fixed number of lines, so that the box keeps its size for each row. Only
 * a sentence longer than all lines is cut.
 */
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
