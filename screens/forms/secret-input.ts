import type { Json } from '../../lib/core/errors/errors.ts'
import { JsonValue } from '../../lib/model/json.ts'
import { describesPassword } from '../../lib/model/secrets/schema-passwords.ts'
import type { Cell, TableInfo } from '../../lib/model/table.ts'
import { HIDDEN, inputShown } from './form-field.ts'
import type { State } from '../state.ts'

const INPUT = 'input'
const WORKFLOW = 'workflow'

type Seen = Pick<State, 'snapshot'>

/**
 * Returns the schema of the workflow input in a row; undefined if the row has no input, or if the
 * schema contains no password.
 */
function secretSchema(
  { snapshot }: Seen,
  { columns }: TableInfo,
  cells: readonly Cell[],
): Readonly<Record<string, Json>> | undefined {
  const name = cells[columns.findIndex(column => column.name === WORKFLOW)]
  const schema = snapshot?.scheduler?.workflows.find(one => one.name === name)?.inputSchema
  return schema !== undefined && describesPassword(schema) ? schema : undefined
}

/** Returns a cell to show. In a cell with a workflow's input, the passwords are hidden. */
export function cellShown(state: Seen, table: TableInfo, cells: readonly Cell[], index: number): Cell {
  const cell = cells[index] ?? null
  if (table.columns[index]?.name !== INPUT || typeof cell !== 'string') return cell
  const schema = secretSchema(state, table, cells)
  return schema === undefined ? cell : hidden(schema, cell)
}

function hidden(schema: Readonly<Record<string, Json>>, text: string): string {
  try {
    return JSON.stringify(inputShown(schema, JsonValue.parse(JSON.parse(text))))
  } catch {
    // A list contains only the beginning of a long value, which is not valid JSON.
    return HIDDEN
  }
}

/**
 * Returns the columns that a form hides, because a value of one of the rows contains a password.
 */
export const secretColumns = (
  state: Seen,
  table: TableInfo,
  rows: readonly (readonly Cell[])[],
): readonly string[] => (rows.some(cells => secretSchema(state, table, cells) !== undefined) ? [INPUT] : [])
