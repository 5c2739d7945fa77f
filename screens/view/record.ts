import { sanitiseBlock } from '../../lib/core/sanitise.ts'
import type { Cell, TableColumn } from '../../lib/domain/table.ts'
import { keyOf } from '../../lib/domain/table.ts'
import { keyWords } from '../form-purpose.ts'
import type { RecordView } from '../state.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from './box.ts'
import { cellText } from './database.ts'
import type { Page } from './page.ts'
import type { Region, Row } from './row.ts'
import { cut, wrap } from './text.ts'

const WIDEST = 100
const HINT_ROWS = 1
/** More of one value than anybody reads here: a file has it whole. */
const LONGEST = 20_000

/** A row whole, in a box over everything: each column with its value, JSON in lines. */
export function recordRegion(page: Page, record: RecordView): Region {
  const { words } = page.t
  const { columns, rows } = page.size
  const width = Math.max(1, Math.min(WIDEST, columns) - BOX_SIDES)
  const lines = record.table.columns.flatMap((column, index) =>
    cellRows(page, column, record.cells[index] ?? null, width),
  )
  const room = Math.max(1, rows - BOX_BORDERS - HINT_ROWS)
  const start = Math.max(0, Math.min(record.offset, lines.length - room))
  const shown = lines.slice(start, start + room)
  const hint = start + room < lines.length ? words.dialog.recordMore : words.dialog.recordHint
  const title = words.dialog.recordTitle(keyWords(keyOf(record.table, record.cells)), record.table.name)
  return boxRegion(page, title, [...shown, [page.span(cut(hint, width), 'muted')]], WIDEST)
}

function cellRows(page: Page, column: TableColumn, cell: Cell, width: number): Row[] {
  const lines = linesOf(page, column, cell)
  const [only, ...more] = lines
  const name = page.span(column.name, 'title')
  const short = only !== undefined && more.length === 0 && column.name.length + only.length + 2 <= width
  if (short) return [[name, page.span('  '), page.span(only)]]
  const inner = Math.max(1, width - 2)
  return [[name], ...lines.flatMap(line => wrapped(line, inner)).map((line): Row => [page.span(`  ${line}`)])]
}

/** Broken between words, its blanks at the beginning kept: they show what is within what. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? ''
  const lines = wrap(line, Math.max(1, width - indent.length))
  return lines.length === 0 ? [''] : lines.map(each => `${indent}${each}`)
}

function linesOf(page: Page, column: TableColumn, cell: Cell): string[] {
  if (column.kind !== 'json' || typeof cell !== 'string') return [cellText(column, cell, page.t)]
  try {
    const json: unknown = JSON.parse(cell)
    return sanitiseBlock(JSON.stringify(json, null, 2), LONGEST).split('\n')
  } catch {
    return [cellText(column, cell, page.t)]
  }
}
