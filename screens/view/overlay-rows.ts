import { BOX_BORDERS, BOX_SIDES } from './box.ts'
import type { Page } from './page.ts'
import type { Region } from './row.ts'

/** Widest box of rows that are chosen among or filled in. */
export const WIDEST = 76
/** Cells of a name before what is said of it. */
export const NAME = 22
const MOST_ROWS = 14
/** What is said of them, and what the keys do. */
export const OTHER_ROWS = 2

/** How many of these rows are shown at once. */
export const roomOf = (page: Page, wanted: number, most = MOST_ROWS): number =>
  Math.max(1, Math.min(most, wanted, page.size.rows - BOX_BORDERS - OTHER_ROWS))

export const widthOf = (page: Page): number => Math.max(1, Math.min(WIDEST, page.size.columns) - BOX_SIDES)

/** Makes the rows that are shown clickable: each is what `index` says. */
export function pressable(page: Page, region: Region, above: number, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { left, top, width } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 1 + above + index, width, height: 1, target })
  }
}
