import type { Rect } from '../layout.ts'
import type { Style } from '../theme.ts'
import { fitRow } from './row.ts'
import type { Row, Span } from './row.ts'
import { cellsOf } from './text.ts'

/** Rows on which panes are laid out; what lies outside is dropped. */
export class Canvas {
  private readonly grid: Span[][]
  private readonly area: Rect

  constructor(area: Rect, blank: Style) {
    this.area = area
    this.grid = Array.from({ length: area.height }, () =>
      Array.from({ length: area.width }, () => ({ text: ' ', style: blank })),
    )
  }

  /** Lays a row at a place of the screen, cut to `width`. */
  put(left: number, top: number, width: number, row: Row): void {
    const line = this.grid[top - this.area.top]
    if (line === undefined || row.length === 0) return
    let column = left - this.area.left
    const blank = { fg: -1, bg: -1, bold: false, underline: false, inverse: false }
    for (const { text, style } of fitRow(row, width, row.at(-1)?.style ?? blank)) {
      for (const cell of cellsOf(text)) {
        if (column >= 0 && column < line.length) line[column] = { text: cell, style }
        column += 1
      }
    }
  }

  /** The rows, neighbours of one style joined. */
  rows(): Row[] {
    return this.grid.map(line => {
      const row: Span[] = []
      for (const { text, style } of line) {
        const last = row.at(-1)
        if (last?.style === style) row[row.length - 1] = { text: last.text + text, style }
        else row.push({ text, style })
      }
      return row
    })
  }
}
