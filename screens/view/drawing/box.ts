import { Canvas } from './canvas.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from './row.ts'

/** Cells of a box's borders, with a blank at each. */
export const BOX_SIDES = 4
export const BOX_BORDERS = 2

/** Returns a titled box with rows in the middle of the screen, over everything. */
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
