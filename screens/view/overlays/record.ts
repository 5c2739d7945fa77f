import type { DetailsView } from '../../overlays/overlay-state.ts'
import {
  RECORD_WIDEST,
  lastOffset,
  recordHints,
  recordLines,
  recordRoom,
  recordWidth,
} from '../../overlays/details-lines.ts'
import { boxRegion } from '../drawing/box.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from '../drawing/row.ts'
import { cut } from '../drawing/text.ts'

/**
 * Returns the box of a record, over everything: each part with its name, and below them the keys or
 * the last activity.
 */
export function recordRegion(page: Page, record: DetailsView): Region {
  const { size } = page
  const width = recordWidth(size)
  const lines = recordLines(record.entries, width)
  // Fewer keys apply at the end of a record.
  const atEnd = footOf(page, record, width, false)
  const more = record.offset + recordRoom(size, atEnd.length) < lines.length
  const below = more ? footOf(page, record, width, true) : atEnd
  const room = recordRoom(size, below.length)
  const start = Math.min(record.offset, lastOffset(record.entries, size, below.length))
  const rows = lines
    .slice(start, start + room)
    .map(({ name, text }): Row => [page.span(name, 'title'), page.span(text)])
  return boxRegion(page, record.title, [...rows, ...below], RECORD_WIDEST)
}

/** Time for which a line of activity is shown, so that it can be read. */
const FRESH_MS = 6_000

function footOf(page: Page, record: DetailsView, width: number, more: boolean): Row[] {
  const { state } = page
  const told = state.activity.find(({ id }) => id === record.job?.told)
  if (told !== undefined && state.now - told.at < FRESH_MS) {
    return [[page.span(cut(told.text, width), told.tone === 'bad' ? 'warn' : 'good')]]
  }
  return recordHints(state, record, more).map(line => [page.span(line, 'muted')])
}
