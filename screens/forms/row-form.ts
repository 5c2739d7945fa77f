import type { Cell, TableInfo } from '../../lib/model/table.ts'
import { keyOf } from '../../lib/model/table.ts'
import { logActivity, translatorOf, wordsOf } from '../binding.ts'
import { formOpened } from './form.ts'
import { columnsToFill, fitsLine, rowFields } from './row-field.ts'
import { secretColumns } from './secret-input.ts'
import type { State } from '../state.ts'

/** Opens the form for a new row. */
export function newRowForm(state: State, table: TableInfo): State {
  const fields = rowFields(columnsToFill(table, 'new'), new Map(), translatorOf(state))
  return formOpened(state, { type: 'insert', table }, fields)
}

/**
 * Opens the form for changes to rows. A field shows the value that all rows have in common, and is
 * empty if the rows differ. Values that do not fit into one line have no field.
 */
export function changeForm(state: State, table: TableInfo, rows: readonly (readonly Cell[])[]): State {
  const differing = new Set<string>()
  const values = new Map(
    table.columns.map(({ name }, index) => {
      const [first = null, ...others] = rows.map(row => row[index] ?? null)
      if (others.every(other => other === first)) return [name, first] as const
      differing.add(name)
      return [name, null] as const
    }),
  )
  const secret = secretColumns(state, table, rows)
  const { differ } = wordsOf(state).database
  const fields = rowFields(columnsToFill(table, 'always'), values, translatorOf(state))
    .filter(({ initial }) => fitsLine(initial))
    .map(field => (secret.includes(field.name) ? { ...field, secret: true } : field))
    .map(field =>
      differing.has(field.name)
        ? { ...field, required: false, description: `${differ} ${field.description}` }
        : field,
    )
  if (fields.length === 0)
    return logActivity(state, 'e', wordsOf(state).unavailable.tooLong(table.name), 'bad')
  const seen = rows.map(row => ({
    key: keyOf(table, row),
    seen: Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null] as const)),
  }))
  return formOpened(state, { type: 'change', table, rows: seen }, fields)
}
