import type { RecordEntry, RecordView } from '../overlay-state.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from './box.ts'
import { workerOfJob } from '../selection.ts'
import type { Page } from './page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

const WIDEST = 100

/** Something whole, in a box over everything: each part by its name, in lines; below them what the keys do, or what one did. */
export function recordRegion(page: Page, record: RecordView): Region {
  const { columns, rows } = page.size
  const width = Math.max(1, Math.min(WIDEST, columns) - BOX_SIDES)
  const lines = record.entries.flatMap(entry => entryRows(page, entry, width))
  const foot = (more: boolean) => footOf(page, record, width, more)
  const roomUnder = (below: readonly Row[]) => Math.max(1, rows - BOX_BORDERS - below.length)
  // Once its end is seen there is less to say.
  const atEnd = foot(false)
  const more = record.offset + roomUnder(atEnd) < lines.length
  const below = more ? foot(true) : atEnd
  const room = roomUnder(below)
  const start = Math.max(0, Math.min(record.offset, lines.length - room))
  return boxRegion(page, record.title, [...lines.slice(start, start + room), ...below], WIDEST)
}

/** As long as it takes to read a line. */
const FRESH_MS = 6_000

function footOf(page: Page, { job }: RecordView, width: number, more: boolean): Row[] {
  const { state, t } = page
  const { dialog } = t.words
  const told = state.activity.find(({ id }) => id === job?.told)
  if (told !== undefined && state.now - told.at < FRESH_MS) {
    return [[page.span(cut(told.text, width), told.tone === 'bad' ? 'warn' : 'good')]]
  }
  const worker = job !== undefined && workerOfJob(state, job.id) !== undefined
  const hints = [
    ...(more ? [dialog.recordMore] : []),
    ...(worker ? [dialog.jobWorker] : []),
    ...((job?.result ?? null) === null ? [] : [dialog.jobCopy]),
    dialog.recordHint,
  ]
  return wrap(hints.join(' '), width).map(line => [page.span(line, 'muted')])
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
