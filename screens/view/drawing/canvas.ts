import type { Rect } from '../../layout.ts'
import type { Style } from '../../theme.ts'
import { fitRow } from './row.ts'
import type { Row, Span } from './row.ts'
import { cellsOf } from './text.ts'

/** Rows on which panes are laid out. Text outside the area is dropped. */
export class Canvas {
  /**
   * Text of each cell, line after line. Two arrays take a fraction of the memory of an object for
   * each cell.
   */
  private readonly texts: string[]
  private readonly styles: Style[]
  private readonly area: Rect

  constructor(area: Rect, blank: Style) {
    this.area = area
    const cells = Math.max(0, area.height * area.width)
    this.texts = new Array<string>(cells).fill(' ')
    this.styles = new Array<Style>(cells).fill(blank)
  }

  /** Draws a row at a position on the screen. The row is cut to `width` cells. */
  put(left: number, top: number, width: number, row: Row): void {
    const line = top - this.area.top
    if (line < 0 || line >= this.area.height || row.length === 0) return
    const first = line * this.area.width
    let column = left - this.area.left
    const blank = { fg: -1, bg: -1, bold: false, underline: false, inverse: false }
    for (const { text, style } of fitRow(row, width, row.at(-1)?.style ?? blank)) {
      for (const cell of cellsOf(text)) {
        if (column >= 0 && column < this.area.width) {
          this.texts[first + column] = cell
          this.styles[first + column] = style
        }
        column += 1
      }
    }
  }

  /** Returns the rows. Neighbouring cells of the same style are joined into one span. */
  rows(): Row[] {
    const { width, height } = this.area
    return Array.from({ length: Math.max(0, height) }, (_, line) =>
      this.row(line * width, (line + 1) * width),
    )
  }

  private row(from: number, to: number): Row {
    const row: Span[] = []
    let begun = from
    for (let cell = from; cell < to; cell += 1) {
      const style = this.styles[cell]
      if (style === undefined || (style === this.styles[cell + 1] && cell + 1 < to)) continue
      row.push({ text: this.texts.slice(begun, cell + 1).join(''), style })
      begun = cell + 1
    }
    return row
  }
}
