import { keyName } from '../../key-name.ts'
import { BINDINGS } from '../../keymap.ts'
import { paletteEntries } from '../../overlays/palette.ts'
import type { PaletteEntry } from '../../overlays/palette.ts'
import type { Palette } from '../../overlays/overlay-state.ts'
import { boxRegion } from '../drawing/box.ts'
import {
  SAID_ROWS,
  SAID_ROWS_NARROW,
  SENTENCE_FROM,
  WIDEST_CHOICE,
  roomOf,
  saidWhole,
  widthOf,
} from '../drawing/overlay-rows.ts'
import type { Page } from '../page.ts'
import { lineRow } from './prompt.ts'
import type { Region, Row } from '../drawing/row.ts'
import { fitRow, highlighted } from '../drawing/row.ts'
import { cut, fit, textWidth } from '../drawing/text.ts'

const SIGN = 2
const KEY = 11
const NAME = 18

/** Returns the palette: a box over everything with the commands that match the typed text. */
export function paletteRegion(page: Page, palette: Palette): Region {
  const { words } = page.t
  const width = widthOf(page, WIDEST_CHOICE)
  const narrow = width < SENTENCE_FROM
  const entries = paletteEntries(page.state, palette)
  const room = roomOf(page, Infinity, 1 + (narrow ? SAID_ROWS_NARROW : SAID_ROWS + 1))
  const start = Math.max(0, Math.min(palette.choice - Math.floor(room / 2), entries.length - room))
  const shown = entries.slice(start, start + room)
  const none: Row[] = entries.length === 0 ? [[page.span(words.empty.palette, 'muted')]] : []
  const content: Row[] = [
    [page.span(': ', 'brand'), ...lineRow(page, palette.line, Math.max(1, width - SIGN))],
    ...shown.map((entry, index) => entryRow(page, entry, start + index === palette.choice, width)),
    ...none,
    ...Array.from({ length: room - Math.max(1, shown.length) }, () => []),
    ...chosenRows(page, entries[palette.choice], width),
    ...(narrow ? [] : [[page.span(cut(words.dialog.choosePalette, width), 'muted')]]),
  ]
  const region = boxRegion(page, words.dialog.paletteTitle, content, WIDEST_CHOICE)
  shown.forEach((_, index) => {
    const { left, top } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 2 + index, width: region.width, height: 1, target })
  })
  return region
}

const helpRoom = (width: number): number => (width < SENTENCE_FROM ? 0 : width - SIGN - NAME - KEY - 2)

/**
 * Returns the lines below the list: why the chosen command is not possible, or its description if
 * its row has no room for the description.
 */
function chosenRows(page: Page, entry: PaletteEntry | undefined, width: number): Row[] {
  const most = width < SENTENCE_FROM ? SAID_ROWS_NARROW : SAID_ROWS
  if (entry === undefined) return saidWhole(page, '', width, most)
  const help = helpOf(page, entry)
  const rest = textWidth(help) > helpRoom(width) ? help : ''
  if (entry.refusal === null) return saidWhole(page, rest, width, most)
  return saidWhole(page, `! ${entry.refusal} ${rest}`, width, most, 'warn')
}

/**
 * Returns the description of a command. A description that begins with the name of the command is
 * returned without that name, because the row already shows it.
 */
function helpOf(page: Page, { id }: PaletteEntry): string {
  const { label, help } = page.t.words.keys[id]
  return help.startsWith(`${label}: `) ? help.slice(label.length + 2) : help
}

function entryRow(page: Page, entry: PaletteEntry, chosen: boolean, width: number): Row {
  const { words } = page.t
  const { id, refusal } = entry
  const usable = refusal === null
  const row = fitRow(
    [
      page.span(`${chosen ? '›' : ' '}${usable ? ' ' : '!'}`, usable ? 'key' : 'muted'),
      page.span(`${fit(words.keys[id].label, NAME)} `, usable ? 'title' : 'muted'),
      page.span(`${fit(keyName(BINDINGS[id].keys[0] ?? '', words), KEY)} `, usable ? 'key' : 'muted'),
      page.span(cut(helpOf(page, entry), helpRoom(width)), usable ? 'text' : 'muted'),
    ],
    width,
    page.style('text'),
  )
  return chosen ? highlighted(row, page.style('selected')) : row
}
