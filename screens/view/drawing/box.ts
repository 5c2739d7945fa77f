import { Canvas } from './canvas.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from './row.ts'

/** Width in cells of a box's left and right borders, each with a blank. */
export const BOX_SIDES = 4
export const BOX_BORDERS = 2

/**
 * Returns a box with a title and rows, in the middle of the screen and over everything. `widest` is
 * its maximum width in cells.
 */
export function boxRegion(page: Page, title: string, content: readonly Row[], widest: number): Region {
  const { columns, rows } = page.size
  const width = Math.min(widest, columns)
  const height = Math.min(rows, content.length + BOX_BORDERS)
  const left = Math.floor((columns - width) / 2)
  const top = Math.max(0, Math.floor((rows - height) / 2))
  const rect = { left, top, width, height }
  const canvas = new Canvas(rect, page.style('text'))
  page.frame(canvas, rect, { title, rows: [] }, true, false)
  content.slice(0, Math.max(0, height - BOX_BORDERS)).forEach((row, index) => {
    canvas.put(left + 2, top + 1 + index, width - BOX_SIDES, row)
  })
  return { ...rect, rows: canvas.rows() }
}
