import type { Cell, TableColumn, TableInfo } from '../../lib/model/table.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { cellText } from '../details/cell-text.ts'
import { rowAtCursor, rowId, rowsHeld, tableShown } from '../../lib/app/port/database.ts'
import type { Rect } from '../layout.ts'
import { cellShown } from '../forms/secret-input.ts'
import { focusedPane } from '../state.ts'
import type { Content, Page } from './page.ts'
import { count, emptyWords } from './pane-words.ts'
import type { Row } from './drawing/row.ts'
import { listRows } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import { cut, textWidth } from './drawing/text.ts'

/** Maximum width of a column, in cells. Enter shows a longer value in full. */
const WIDEST = 28
const LEAST = 4
/**
 * Minimum width, in cells, of a column that is cut at the right edge. A narrower column is left
 * out.
 */
const NARROW = 10

/** Returns the list of the tables, each with its number of rows. */
export function tablesContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { width, height } = page.inside(rect)
  const columns: Column<TableInfo>[] = [
    {
      ...{ title: t.words.columns.table, width: 10, grows: true, rank: 0 },
      cell: ({ name }, cells) => [page.span(cut(name, cells))],
    },
    {
      ...{ title: t.words.columns.rows, width: 7, align: 'right', rank: 1 },
      cell: ({ rows }) => [page.span(t.number(rows), 'muted')],
    },
  ]
  const list = listRows<TableInfo>(page, {
    ...{ pane: 'tables', items: state.database.tables, id: ({ name }) => name, columns, width, height },
    ...{ headed: true, empty: emptyWords(page, state.database.problem ?? t.words.empty.reading) },
  })
  return { title: t.words.panes.tables, ...list }
}

/**
 * Returns the rows of the chosen table, with as many columns as fit around the column under the
 * cursor.
 */
export function rowsContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { database } = state
  const { width, height } = page.inside(rect)
  const table = tableShown(database)
  const { rows } = rowsHeld(database)
  const columns = table === undefined ? [] : columnsFrom(page, table, rows, width)
  const list = listRows<readonly Cell[]>(page, {
    ...{ pane: 'rows', items: table === undefined ? [] : rows, columns, width, height, headed: true },
    ...{ id: row => (table === undefined ? '' : rowId(table, row)), empty: emptyRows(page) },
  })
  return {
    title: database.table ?? t.words.panes.rows,
    note: rowsNote(page),
    ...list,
  }
}

function emptyRows(page: Page): string {
  const { database } = page.state
  const { empty } = page.t.words
  if (database.problem !== null) return `! ${database.problem}`
  if (database.shown === null) return emptyWords(page, empty.reading)
  return database.filter === '' ? empty.rows : empty.rowsFiltered
}

/**
 * Returns the note in the title of the rows: their filter, their order, the number of marks, and
 * the position of the cursor.
 */
function rowsNote(page: Page): Row {
  const { database, marked } = page.state
  const { words } = page.t
  const { total } = rowsHeld(database)
  const parts: Row[] = []
  if (database.filter !== '') parts.push([page.span(`/${cut(database.filter, 20)}`, 'key')])
  if (database.sort !== null) {
    const { column, descending } = database.sort
    parts.push([page.span(`${column} ${descending ? '↓' : '↑'}`, 'key')])
  }
  if (marked.rows.length > 0) parts.push([page.span(words.counts.marked(marked.rows.length), 'key')])
  parts.push(
    total === 0
      ? count(page, 0)
      : [page.span(`${page.t.number(database.cursor + 1)}/${page.t.number(total)}`, 'muted')],
  )
  return parts.flatMap((part, index) => (index === 0 ? part : [page.span('  '), ...part]))
}

/**
 * Returns the visible columns. Columns at the left are left out until the column under the cursor
 * is visible.
 */
function columnsFrom(
  page: Page,
  table: TableInfo,
  rows: readonly (readonly Cell[])[],
  width: number,
): Column<readonly Cell[]>[] {
  const { columns } = table
  const { column: cursor, sort } = page.state.database
  const longest = longestOf(columns, rows, page.t)
  const focused = focusedPane(page.state) === 'rows'
  const made = columns.map((column, index): Column<readonly Cell[]> => {
    const sign = sort?.column === column.name ? (sort.descending ? ' ↓' : ' ↑') : ''
    const title = `${focused && index === cursor ? '›' : ''}${column.name}${sign}`
    const number = column.kind === 'integer' || column.kind === 'number'
    return {
      ...{ title, width: Math.min(WIDEST, Math.max(textWidth(title), longest[index] ?? LEAST)), rank: 0 },
      ...(number ? { align: 'right' as const } : {}),
      cell: (row, cells) => [
        page.span(
          cut(cellText(column, cellShown(page.state, table, row, index), page.t), cells),
          column.key ? 'title' : 'text',
        ),
      ],
    }
  })
  let from = 0
  while (from < cursor && widthOf(made.slice(from, cursor + 1)) > width) from += 1
  const shown: Column<readonly Cell[]>[] = []
  for (const column of made.slice(from)) {
    const over = widthOf([...shown, column]) - width
    if (over > 0 && (shown.length === 0 || column.width - over < NARROW)) break
    shown.push(over > 0 ? { ...column, width: column.width - over } : column)
    if (over > 0) break
  }
  return shown.length > 0 ? shown : made.slice(from, from + 1)
}

/**
 * Cache of the column widths of a page of rows, so that each page is measured once, however often
 * it is painted.
 */
const measured = new WeakMap<readonly (readonly Cell[])[], readonly number[]>()

/**
 * Returns the width, in cells, of the longest text in each column. The widths do not depend on the
 * language, because the text of a cell is the same in every language.
 */
function longestOf(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  t: Translator,
): readonly number[] {
  const known = measured.get(rows)
  if (known !== undefined) return known
  const widths = columns.map((column, index) =>
    rows.reduce(
      (most, row) => Math.max(most, textWidth(cellText(column, row[index] ?? null, t).slice(0, WIDEST))),
      LEAST,
    ),
  )
  measured.set(rows, widths)
  return widths
}

/** Widths in cells: of the cursor before a row, and of the widest gap between columns. */
const MARKER = 2
const GAP = 2

const widthOf = (columns: readonly Column<readonly Cell[]>[]): number =>
  columns.reduce((sum, { width }) => sum + width, MARKER + GAP * (columns.length - 1))

/** Returns the row under the cursor, one column a line. Enter shows the values that do not fit. */
export function rowContent(page: Page): Content {
  const { database } = page.state
  const table = tableShown(database)
  const row = rowAtCursor(database)
  const { panes } = page.t.words
  if (table === undefined || row === undefined) return { title: panes.row, rows: [] }
  const label = Math.max(...table.columns.map(({ name }) => name.length))
  return {
    title: panes.row,
    rows: table.columns.map((column, index) =>
      page.fact(column.name, cellText(column, cellShown(page.state, table, row, index), page.t), label),
    ),
  }
}
