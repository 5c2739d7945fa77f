import type { ListPane } from '../../panes.ts'
import { focusedPane } from '../../state.ts'
import type { Page } from '../page.ts'
import { saidRows } from '../pane-words.ts'
import { fitRow, highlighted, rowWidth } from './row.ts'
import type { Row } from './row.ts'
import { fit } from './text.ts'

/** Column of a table. */
export interface Column<T> {
  readonly title: string
  /** Width in cells; the minimum width if the column grows. */
  readonly width: number
  readonly grows?: boolean
  readonly align?: 'right'
  /**
   * Order in which columns are left out if there is no room: the largest rank first. A column of
   * rank 0 is never left out.
   */
  readonly rank: number
  readonly cell: (item: T, width: number) => Row
}

const WIDE_GAP_FROM = 60
const MARKER = 2

export interface Table<T> {
  readonly head: Row
  row(item: T): Row
}

/** Returns a table with the columns that fit into the width, in aligned cells. */
export function tableOf<T>(page: Page, columns: readonly Column<T>[], width: number): Table<T> {
  const gap = width >= WIDE_GAP_FROM ? 2 : 1
  const kept = fitting(columns, width, gap)
  const fixed = kept.reduce((sum, column) => sum + column.width, 0) + gap * (kept.length - 1)
  const growing = kept.filter(({ grows }) => grows === true)
  const spare = Math.max(0, width - fixed)
  const widthOf = (column: Column<T>) => {
    if (column.grows !== true) return Math.min(column.width, width)
    const place = growing.indexOf(column)
    return column.width + Math.floor(spare / growing.length) + (place < spare % growing.length ? 1 : 0)
  }
  const line = (cellOf: (column: Column<T>, columnWidth: number) => Row): Row =>
    kept.flatMap((column, index) => {
      const columnWidth = widthOf(column)
      const cell = cellOf(column, columnWidth)
      const pad = page.span(' '.repeat(Math.max(0, columnWidth - rowWidth(cell))))
      const aligned =
        column.align === 'right' ? [pad, ...cell] : fitRow(cell, columnWidth, page.style('text'))
      return index === 0 ? aligned : [page.span(' '.repeat(gap)), ...aligned]
    })
  return {
    head: line(({ title, align }, columnWidth) => [
      page.span(fit(title, columnWidth, align ?? 'left'), 'muted'),
    ]),
    row: item => line((column, columnWidth) => column.cell(item, columnWidth)),
  }
}

function fitting<T>(columns: readonly Column<T>[], width: number, gap: number): readonly Column<T>[] {
  const needed = columns.reduce((sum, column) => sum + column.width, 0) + gap * (columns.length - 1)
  const last = Math.max(...columns.map(({ rank }) => rank))
  if (needed <= width || last === 0) return columns
  return fitting(
    columns.filter(({ rank }) => rank !== last),
    width,
    gap,
  )
}

export interface ListOptions<T> {
  readonly pane: ListPane
  readonly items: readonly T[]
  readonly id: (item: T) => string
  readonly columns: readonly Column<T>[]
  readonly width: number
  readonly height: number
  readonly headed: boolean
  readonly empty: string
  /** True if a row is marked. Default: the id of the row is in the pane's marks. */
  readonly marked?: (item: T) => boolean
}

export interface ListContent {
  readonly rows: Row[]
  readonly ids: { readonly pane: ListPane; readonly first: number; readonly ids: readonly string[] }
}

/** Returns a table with one selected row. Only the visible rows are created. */
export function listRows<T>(page: Page, options: ListOptions<T>): ListContent {
  const { pane, items, id, width, headed } = options
  const table = tableOf(page, options.columns, width - MARKER)
  const head: Row[] = headed && items.length > 0 ? [[page.span(' '.repeat(MARKER)), ...table.head]] : []
  const visible = Math.max(1, options.height - head.length)
  const place = Math.max(
    0,
    items.findIndex(item => id(item) === page.state.selected[pane]),
  )
  const start = Math.max(0, Math.min(place - Math.floor(visible / 2), items.length - visible))
  const shown = items.slice(start, start + visible)
  const focused = focusedPane(page.state) === pane
  const marked = new Set(
    pane === 'jobs' || pane === 'crashes' || pane === 'rows' ? page.state.marked[pane] : [],
  )
  const rows = shown.map(item => {
    const selected = id(item) === page.state.selected[pane]
    const row = fitRow(
      [
        page.span(
          markOf(selected && (focused ? '›' : '·'), options.marked?.(item) ?? marked.has(id(item))),
          'key',
        ),
        ...table.row(item),
      ],
      width,
      page.style('text'),
    )
    return selected ? highlighted(row, page.style(focused ? 'selected' : 'held')) : row
  })
  const empty = items.length === 0 ? saidRows(page, options.empty, width) : []
  return { rows: [...head, ...rows, ...empty], ids: { pane, first: head.length, ids: shown.map(id) } }
}

/** Returns the two cells before a row: the cursor, the mark, both, or blanks. */
const markOf = (cursor: string | false, marked: boolean): string =>
  cursor === false ? (marked ? '* ' : '  ') : `${cursor}${marked ? '*' : ' '}`
