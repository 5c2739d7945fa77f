import type { Style } from '../../theme.ts'
import type { Rect } from '../../layout.ts'
import type { Target } from '../../state.ts'
import { cellsOf } from './text.ts'

/** Piece of text in one style. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** One line of cells, from left to right. */
export type Row = readonly Span[]

/** Rectangle of rows, shown by one widget. */
export interface Region extends Rect {
  readonly rows: readonly Row[]
}

/** Rectangle that can be pressed with the mouse, with the target of the press. */
export interface Hit extends Rect {
  readonly target: Target
}

/** Chart, to be drawn by the widget for charts. */
export interface Chart extends Rect {
  readonly titles: readonly string[]
  readonly series: readonly (readonly number[])[]
  readonly style: Style
}

/** Progress in percent, with its state. */
export interface Taskbar {
  readonly state: 'idle' | 'busy' | 'going' | 'failed' | 'waiting'
  readonly percent: number
}

/** Everything that one frame of the console shows, as plain data. */
export interface ViewModel {
  readonly header: Region
  readonly body: Region
  readonly footer: Region
  readonly overlay: Region | null
  readonly chart: Chart | null
  /** Rectangles that can be pressed. If two overlap, the later one counts. */
  readonly hits: readonly Hit[]
  /** Title of the terminal's window. */
  readonly title: string
  /** Progress on the window's button; null to show none. */
  readonly taskbar: Taskbar | null
}

export const rowWidth = (row: Row): number => row.reduce((sum, { text }) => sum + cellsOf(text).length, 0)

/** Returns the row in exactly `width` cells: cut, or filled with blanks of a style. */
export function fitRow(row: Row, width: number, style: Style): Row {
  const fitted: Span[] = []
  let rest = width
  for (const span of row) {
    if (rest <= 0) break
    const cells = cellsOf(span.text)
    if (cells.length <= rest) {
      fitted.push(span)
      rest -= cells.length
      continue
    }
    const kept = cells.slice(0, rest)
    // Half of a wide character is not a character.
    if (cells[rest] === '') kept[rest - 1] = ' '
    fitted.push({ text: kept.join(''), style: span.style })
    rest = 0
  }
  return rest > 0 ? [...fitted, { text: ' '.repeat(rest), style }] : fitted
}

/**
 * Returns the row with the background of a style, and with its foreground if it has one. The row's
 * own bold and underlined text stays so.
 */
export function highlighted(row: Row, { fg, bg, bold, underline, inverse }: Style): Row {
  return row.map(({ text, style }) => ({
    text,
    style: {
      fg: fg === -1 ? style.fg : fg,
      bg,
      bold: bold || style.bold,
      underline: underline || style.underline,
      inverse,
    },
  }))
}
