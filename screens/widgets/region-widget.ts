import blessed from 'blessed'
import type { Widgets } from 'blessed'
import type { Style } from '../theme.ts'
import type { Region } from '../view/row.ts'
import { cellsOf } from '../view/text.ts'
import { cellLines } from './cell-lines.ts'

/** A widget that shows the rows of a region, cell by cell. */
export interface RegionWidget {
  show(region: Region | null): void
}

/**
 * Makes a box whose cells are written directly: no tags, no escape sequences, no wrapping, so no text can be obeyed or
 * change a width. The box stays for the life of the screen.
 */
export function createRegionWidget(screen: Widgets.Screen): RegionWidget {
  const box = blessed.box({ parent: screen, tags: false, left: 0, top: 0, width: 1, height: 1, hidden: true })
  let shown: Region | null = null
  const clear = box.render.bind(box)
  box.render = () => {
    const coordinates = clear()
    if (shown !== null) drawRegion(screen, shown)
    return coordinates
  }
  return {
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
  const lines = cellLines(screen)
  rows.forEach((row, index) => {
    const line = lines[top + index]
    if (line === undefined) return
    let column = left
    const end = Math.min(line.length, left + width)
    for (const { text, style } of row) {
      const attributes = packed(style)
      for (const character of cellsOf(text)) {
        const cell = line[column]
        if (cell === undefined || column >= end) break
        cell[0] = attributes
        cell[1] = character
        column += 1
      }
    }
    line.dirty = true
  })
}

const DEFAULT_COLOUR = 0x1ff
const BOLD = 1
const UNDERLINE = 2
const INVERSE = 8

/** A style as blessed packs it: flags, foreground and background in one number. */
function packed({ fg, bg, bold, underline, inverse }: Style): number {
  const flags = (bold ? BOLD : 0) | (underline ? UNDERLINE : 0) | (inverse ? INVERSE : 0)
  return (flags << 18) | (colour(fg) << 9) | colour(bg)
}

const colour = (code: number) => (code < 0 ? DEFAULT_COLOUR : code)
