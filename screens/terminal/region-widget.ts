import blessed from 'blessed'
import type { Widgets } from 'blessed'
import type { Style } from '../theme.ts'
import type { Region, Row } from '../view/drawing/row.ts'
import { cellsOf } from '../view/drawing/text.ts'
import { drawnWhenOutdated } from './invalidate.ts'
import type { Invalidate } from './invalidate.ts'

/** Widget that shows the rows of a region, cell by cell. */
export interface RegionWidget {
  /**
   * Sets the region to show; null hides the widget. The region is drawn at the next render after
   * `outdate`.
   */
  show(region: Region | null): void
  readonly outdate: Invalidate
}

/**
 * Creates a box that writes its cells directly, without tags, escape sequences or wrapping, so that
 * no text can control the terminal or change the width of a cell. The box exists as long as the
 * screen.
 */
export function createRegionWidget(screen: Widgets.Screen): RegionWidget {
  const box = blessed.box({ parent: screen, tags: false, left: 0, top: 0, width: 1, height: 1, hidden: true })
  let shown: Region | null = null
  const outdate = drawnWhenOutdated(box, () => {
    if (shown !== null) drawRegion(screen, shown)
  })
  return {
    outdate,
    show: region => {
      shown = region === null || region.width === 0 || region.height === 0 ? null : region
      if (shown === null) {
        box.hidden = true
        return
      }
      box.hidden = false
      box.left = shown.left
      box.top = shown.top
      box.width = shown.width
      box.height = shown.height
    },
  }
}

function drawRegion(screen: Widgets.Screen, { left, top, width, rows }: Region): void {
  const lines = cellLines(screen, 'lines')
  const drawn = cellLines(screen, 'olines')
  rows.forEach((row, index) => {
    const line = lines[top + index]
    if (line === undefined) return
    const end = Math.min(line.length, left + width)
    mendEdges(line, left, end)
    drawRow(line, row, left, end)
    wholeWideCharacters(line, drawn[top + index] ?? [], left, end)
    line.dirty = true
  })
}

function drawRow(line: BlessedLine, row: Row, left: number, end: number): void {
  let column = left
  for (const { text, style } of row) {
    const attributes = packed(style)
    for (const character of cellsOf(text)) {
      const cell = line[column]
      if (cell === undefined || column >= end) return
      cell[0] = attributes
      cell[1] = character
      column += 1
    }
  }
}

/**
 * Clears the visible half of a wide character that the region covers in part, because the terminal
 * would draw the whole character over the region's edge.
 */
function mendEdges(line: BlessedLine, left: number, end: number): void {
  const before = line[left - 1]
  const after = line[end]
  if (before !== undefined && cellsOf(before[1]).length > 1) before[1] = ' '
  if (after?.[1] === '') after[1] = ' '
}

/**
 * Marks the second half of a wide character as outdated if the character is drawn again. Otherwise
 * blessed would skip that half as unchanged, and move the cursor one cell too far.
 */
function wholeWideCharacters(line: BlessedLine, drawn: BlessedLine, left: number, end: number): void {
  for (let column = left + 1; column < end; column += 1) {
    if (line[column]?.[1] !== '') continue
    const lead = line[column - 1]
    const old = drawn[column - 1]
    const oldHalf = drawn[column]
    const redrawn = lead?.[0] !== old?.[0] || lead?.[1] !== old?.[1]
    if (redrawn && oldHalf !== undefined) oldHalf[1] = UNKNOWN
  }
}

/** Character that no cell contains, so that it differs from every cell's character. */
const UNKNOWN = '\0'

const DEFAULT_COLOUR = 0x1ff
const BOLD = 1
const UNDERLINE = 2
const INVERSE = 8

/** Packs a style into one number as blessed does: flags, foreground and background. */
function packed({ fg, bg, bold, underline, inverse }: Style): number {
  const flags = (bold ? BOLD : 0) | (underline ? UNDERLINE : 0) | (inverse ? INVERSE : 0)
  return (flags << 18) | (colour(fg) << 9) | colour(bg)
}

const colour = (code: number) => (code < 0 ? DEFAULT_COLOUR : code)

/** Cell of blessed: packed attributes, and a character. */
type BlessedCell = [number, string]

/** Line of blessed. A dirty line is drawn again. */
type BlessedLine = BlessedCell[] & { dirty?: boolean }

/**
 * Returns the cells that blessed draws next (`lines`), or the cells of its last drawing (`olines`).
 * blessed's types lack both.
 */
function cellLines(screen: Widgets.Screen, which: 'lines' | 'olines'): readonly BlessedLine[] {
  const lines: unknown = Reflect.get(screen, which)
  return isCellLines(lines) ? lines : []
}

const isCellLines = (lines: unknown): lines is BlessedLine[] => Array.isArray(lines)
