import { keyOf } from '../../lib/model/table.ts'
import type { RowKey, TableInfo } from '../../lib/model/table.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { noEffects } from '../binding.ts'
import { PAGE_ROWS, keyOfId, rowAtCursor, rowsHeld, tableShown } from '../../lib/app/port/database.ts'
import { columnMoved, rowsFiltered, sortBy, unsorted } from '../queries/database-view.ts'
import { lineOf } from '../line.ts'
import { columnsToFill } from '../forms/row-field.ts'
import { newRowForm } from '../forms/row-form.ts'
import { focusedPane } from '../state.ts'
import type { State } from '../state.ts'
import { unavailableReason } from './operate.ts'

const onDatabase = (state: State) => !state.help.open && state.screen === 'database'
const onRows = (state: State) => onDatabase(state) && focusedPane(state) === 'rows'

/** Returns the keys of the marked rows, or of the row under the cursor. */
function targetKeys({ database, marked }: State): readonly RowKey[] {
  if (marked.rows.length > 0) return marked.rows.map(keyOfId)
  const row = rowAtCursor(database)
  return row === undefined || database.shown === null ? [] : [keyOf(database.shown.page.table, row)]
}

const noRow = (state: State, { unavailable }: Catalogue): string | null =>
  targetKeys(state).length === 0 ? unavailable.noTableRow : null

/** Returns why the table does not allow the action; null if the action is possible. */
function tableRefusal(
  state: State,
  words: Catalogue,
  takes: (table: TableInfo) => boolean,
  refusal: (table: string) => string,
): string | null {
  const table = tableShown(state.database)
  if (table === undefined) return unavailableReason(state, words) ?? words.unavailable.noTable
  return unavailableReason(state, words) ?? (takes(table) ? null : refusal(table.name))
}

function wanting(state: State, purpose: 'show' | 'change'): State {
  return { ...state, database: { ...state.database, records: { purpose, keys: targetKeys(state) } } }
}

export const DATABASE = {
  tableOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: state => onDatabase(state) && focusedPane(state) === 'tables',
    run: state => noEffects({ ...state, focus: { ...state.focus, database: 'rows' } }),
  },
  rowOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: onRows,
    refusal: (state, words) =>
      rowAtCursor(state.database) === undefined ? words.unavailable.noTableRow : null,
    run: state => {
      const shown = { ...state, marked: { ...state.marked, rows: [] } }
      const next = wanting(shown, 'show')
      return noEffects({ ...next, marked: state.marked })
    },
  },
  rowNew: {
    keys: ['n'],
    group: 'act',
    footer: 2,
    applies: onDatabase,
    refusal: (state, words) => tableRefusal(state, words, ({ insert }) => insert, words.unavailable.noInsert),
    run: state => {
      const table = tableShown(state.database)
      return noEffects(table === undefined ? state : newRowForm(state, table))
    },
  },
  rowEdit: {
    keys: ['e'],
    group: 'act',
    footer: 3,
    applies: onRows,
    refusal: (state, words) =>
      tableRefusal(
        state,
        words,
        table => columnsToFill(table, 'always').length > 0,
        words.unavailable.noChange,
      ) ??
      noRow(state, words) ??
      (targetKeys(state).length > PAGE_ROWS ? words.unavailable.tooMany(PAGE_ROWS) : null),
    run: state => noEffects(wanting(state, 'change')),
  },
  rowRemove: {
    keys: ['d'],
    group: 'act',
    footer: 4,
    applies: onRows,
    refusal: (state, words) =>
      tableRefusal(state, words, ({ remove }) => remove, words.unavailable.noRemove) ?? noRow(state, words),
    run: state => {
      const { table } = state.database
      if (table === null) return noEffects(state)
      return noEffects({
        ...state,
        dialog: { type: 'remove-rows', table, keys: targetKeys(state), choice: 0 },
      })
    },
  },
  rowsFilter: {
    keys: ['/'],
    group: 'view',
    footer: 11,
    applies: onDatabase,
    run: state => {
      const line = lineOf(state.database.filter)
      return noEffects({
        ...state,
        focus: { ...state.focus, database: 'rows' },
        prompt: { type: 'rows', line },
      })
    },
  },
  rowsSort: {
    keys: ['o'],
    group: 'view',
    footer: 12,
    applies: onRows,
    run: (state, key) => noEffects(sortBy(state, key)),
  },
  columnMove: {
    keys: ['left', 'right'],
    group: 'move',
    footer: 13,
    applies: onRows,
    run: (state, key) => noEffects(columnMoved(state, key === 'left' ? -1 : 1)),
  },
  rowsExport: {
    keys: ['C-s'],
    group: 'act',
    footer: 25,
    applies: onDatabase,
    refusal: (state, words) => {
      if (state.readOnly) return words.unavailable.readOnly
      return state.database.shown === null ? words.unavailable.noTable : null
    },
    run: state => {
      const { table } = state.database
      if (table === null) return noEffects(state)
      const { total } = rowsHeld(state.database)
      return noEffects({ ...state, dialog: { type: 'export', table, rows: total, choice: 0 } })
    },
  },
  rowsClear: {
    keys: ['escape'],
    group: 'view',
    footer: 0,
    applies: state =>
      onRows(state) && !state.zoomed && (state.database.filter !== '' || state.database.sort !== null),
    run: (state, key) => {
      if (state.database.filter !== '') return noEffects(rowsFiltered(state, '', key))
      return noEffects(unsorted(state, key))
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
