import type { Style } from '../../theme.ts'
import type { Rect } from '../../layout.ts'
import type { Target } from '../../state.ts'
import { cellsOf } from './text.ts'

/** A piece of text in one style. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** One line of cells, from left to right. */
export type Row = readonly Span[]

/** A rectangle of rows: what one widget shows. */
export interface Region extends Rect {
  readonly rows: readonly Row[]
}

/** Where the mouse presses what. */
export interface Hit extends Rect {
  readonly target: Target
}

/** A chart, for the one widget that draws it. */
export interface Chart extends Rect {
  readonly titles: readonly string[]
  readonly series: readonly (readonly number[])[]
  readonly style: Style
}

/** How far the work is, in a hundred, and how it stands. */
export interface Taskbar {
  readonly state: 'idle' | 'busy' | 'going' | 'failed' | 'waiting'
  readonly percent: number
}

/** A whole frame, in plain values. */
export interface ViewModel {
  readonly header: Region
  readonly body: Region
  readonly footer: Region
  readonly overlay: Region | null
  readonly chart: Chart | null
  /** Later ones lie above earlier ones. */
  readonly hits: readonly Hit[]
  /** The title of the terminal's window. */
  readonly title: string
  /** What the window's button shows; null where nothing is told. */
  readonly taskbar: Taskbar | null
}

export const rowWidth = (row: Row): number => row.reduce((sum, { text }) => sum + cellsOf(text).length, 0)

/** The row in exactly `width` cells: cut, or filled with blanks in a style. */
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
    // Half of a wide character is no character.
    if (cells[rest] === '') kept[rest - 1] = ' '
    fitted.push({ text: kept.join(''), style: span.style })
    rest = 0
  }
  return rest > 0 ? [...fitted, { text: ' '.repeat(rest), style }] : fitted
}

/** The row with a background (or inversion) laid under it. */
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
