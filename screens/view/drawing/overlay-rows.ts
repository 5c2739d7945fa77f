import { BOX_BORDERS, BOX_SIDES } from './box.ts'
import type { Role } from '../../theme.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

/** Maximum width of a form's box, in cells. */
export const WIDEST = 76
/**
 * Maximum width of a list's box, in cells. The longest description of a key fits next to the key's
 * name.
 */
export const WIDEST_CHOICE = 110
/** Width of a name before its description, in cells. */
export const NAME = 22
const MOST_ROWS = 14
/** Number of lines for the text about the row under the cursor. */
export const SAID_ROWS = 2
/** Number of lines for that text in a narrow box. */
export const SAID_ROWS_NARROW = 3
/**
 * Minimum width, in cells, of a row that has a description next to the name. A narrower box has no
 * hint about the keys.
 */
export const SENTENCE_FROM = 56

/**
 * Returns how many of the `wanted` rows are visible at once, if the box has `others` other rows.
 */
export const roomOf = (page: Page, wanted: number, others: number, most = MOST_ROWS): number =>
  Math.max(1, Math.min(most, wanted, page.size.rows - BOX_BORDERS - others))

export const widthOf = (page: Page, widest = WIDEST): number =>
  Math.max(1, Math.min(widest, page.size.columns) - BOX_SIDES)

/**
 * Makes `count` rows of a box clickable, below the first `above` rows. The first of them is the
 * option with the index `start`.
 */
export function pressable(page: Page, region: Region, above: number, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { left, top, width } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 1 + above + index, width, height: 1, target })
  }
}

/**
 * Returns a sentence in a fixed number of lines, so that the size of the box is the same for each
 * row. The sentence is cut only if it is longer than these lines.
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
