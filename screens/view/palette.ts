import { keyName } from '../key-name.ts'
import { BINDINGS } from '../keymap.ts'
import { paletteEntries } from '../palette.ts'
import type { PaletteEntry } from '../palette.ts'
import type { Palette } from '../overlay-state.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from './box.ts'
import type { Page } from './page.ts'
import { lineRow } from './prompt.ts'
import type { Region, Row } from './row.ts'
import { fitRow, highlighted } from './row.ts'
import { cut, fit } from './text.ts'

const WIDEST = 76
const MOST_ROWS = 14
/** What is typed, and what the keys do. */
const OTHER_ROWS = 2
/** Below this a row says no more than a name and a key. */
const DETAIL_FROM = 56
const KEY = 11
const NAME = 18

/** The commands that fit what is typed, in a box over everything. */
export function paletteRegion(page: Page, palette: Palette): Region {
  const { words } = page.t
  const { columns, rows } = page.size
  const width = Math.max(1, Math.min(WIDEST, columns) - BOX_SIDES)
  const entries = paletteEntries(page.state, palette)
  const room = Math.max(1, Math.min(MOST_ROWS, rows - BOX_BORDERS - OTHER_ROWS))
  const start = Math.max(0, Math.min(palette.choice - Math.floor(room / 2), entries.length - room))
  const shown = entries.slice(start, start + room)
  const none: Row[] = entries.length === 0 ? [[page.span(words.empty.palette, 'muted')]] : []
  const content: Row[] = [
    [page.span(': ', 'brand'), ...lineRow(page, palette.line, Math.max(1, width - 2))],
    ...shown.map((entry, index) => entryRow(page, entry, start + index === palette.choice, width)),
    ...none,
    ...Array.from({ length: room - Math.max(1, shown.length) }, () => []),
    [page.span(cut(lastLine(page, entries[palette.choice], width), width), 'muted')],
  ]
  const region = boxRegion(page, words.dialog.paletteTitle, content, WIDEST)
  shown.forEach((_, index) => {
    const { left, top } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 2 + index, width: region.width, height: 1, target })
  })
  return region
}

/** What the keys do; where a row has no room for it, what the chosen command does or why it cannot. */
function lastLine(page: Page, entry: PaletteEntry | undefined, width: number): string {
  const { words } = page.t
  if (entry === undefined || width >= DETAIL_FROM) return words.dialog.choosePalette
  return entry.refusal ?? words.keys[entry.id].help
}

function entryRow(page: Page, { id, refusal }: PaletteEntry, chosen: boolean, width: number): Row {
  const { words } = page.t
  const { label, help } = words.keys[id]
  const usable = refusal === null
  const row = fitRow(
    [
      page.span(chosen ? '› ' : '  ', 'key'),
      page.span(`${fit(label, NAME)} `, usable ? 'title' : 'muted'),
      page.span(`${fit(keyName(BINDINGS[id].keys[0] ?? '', words), KEY)} `, usable ? 'key' : 'muted'),
      page.span(
        cut(usable ? help : `! ${refusal}`, Math.max(1, width - NAME - KEY - 4)),
        usable ? 'text' : 'muted',
      ),
    ],
    width,
    page.style('text'),
  )
  return chosen ? highlighted(row, page.style('selected')) : row
}
