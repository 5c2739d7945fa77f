import type { RecordEntry, RecordView } from '../overlay-state.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from './box.ts'
import type { Page } from './page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

const WIDEST = 100
const HINT_ROWS = 1

/** Something whole, in a box over everything: each part by its name, in lines. */
export function recordRegion(page: Page, record: RecordView): Region {
  const { words } = page.t
  const { columns, rows } = page.size
  const width = Math.max(1, Math.min(WIDEST, columns) - BOX_SIDES)
  const lines = record.entries.flatMap(entry => entryRows(page, entry, width))
  const room = Math.max(1, rows - BOX_BORDERS - HINT_ROWS)
  const start = Math.max(0, Math.min(record.offset, lines.length - room))
  const shown = lines.slice(start, start + room)
  const hint = start + room < lines.length ? words.dialog.recordMore : words.dialog.recordHint
  return boxRegion(page, record.title, [...shown, [page.span(cut(hint, width), 'muted')]], WIDEST)
}

/** Beside its name where both fit into a line; below it where not. */
function entryRows(page: Page, { name, text }: RecordEntry, width: number): Row[] {
  const lines = text.split('\n')
  const [only = '', ...more] = lines
  const label = page.span(name, 'title')
  if (more.length === 0 && name.length + only.length + 2 <= width)
    return [[label, page.span('  '), page.span(only)]]
  const inner = Math.max(1, width - 2)
  return [
    [label],
    ...lines.flatMap(line => wrapped(line, inner)).map((line): Row => [page.span(`  ${line}`)]),
  ]
}

/** Broken between words, its blanks at the beginning kept: they show what is within what. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? ''
  const lines = wrap(line, Math.max(1, width - indent.length))
  return lines.length === 0 ? [''] : lines.map(each => `${indent}${each}`)
}
