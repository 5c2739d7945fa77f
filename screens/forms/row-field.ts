import type { Catalogue } from '../../lib/locales/en.ts'
import { issueWords } from '../../lib/locales/format/issue-words.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import type { Cell, TableColumn, TableInfo } from '../../lib/model/table.ts'
import { TABLE_RULES } from '../../lib/store/tables/table-rules.ts'
import { checkedCell } from '../../lib/store/tables/typed-cell.ts'
import type { Field } from './form-field.ts'
import { LONGEST_LINE, lineOf, textOf } from '../line.ts'

/** Returns the columns that a person fills in, for a new row or for an existing row. */
export const columnsToFill = ({ columns }: TableInfo, when: 'new' | 'always'): readonly TableColumn[] =>
  columns.filter(({ edit }) => edit === 'always' || (when === 'new' && edit === 'new'))

/**
 * Returns the fields of a row with their initial texts. `values` are the values of the row, or the
 * common values of several rows.
 */
export function rowFields(
  columns: readonly TableColumn[],
  values: ReadonlyMap<string, Cell>,
  t: Translator,
): readonly Field[] {
  return columns.map(column => ({
    name: column.name,
    kind: 'text',
    secret: false,
    required: !column.nullable,
    choices: [],
    initial: typedText(column, values.get(column.name) ?? null, t),
    description: t.words.database.kind[column.kind],
  }))
}

/**
 * Characters that JSON allows in a string and that a one-line field does not. They are written as
 * JSON escapes with the same meaning.
 */
const NOT_IN_A_LINE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** Returns a value as text for a field: an instant as local time, JSON escaped for one line. */
function typedText({ kind }: TableColumn, cell: Cell, t: Translator): string {
  if (cell === null) return ''
  if (kind === 'instant' && typeof cell === 'number') return t.stamp(cell)
  return kind === 'json' ? jsonInLine(String(cell)) : String(cell)
}

/** Escapes the characters of JSON that a one-line field cannot contain. */
export const jsonInLine = (json: string): string =>
  json.replaceAll(NOT_IN_A_LINE, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * True if a one-line field can contain the text unchanged. Other texts cannot be edited in a form,
 * because an edit would lose a part of them.
 */
export const fitsLine = (text: string): boolean =>
  text.length <= LONGEST_LINE && textOf(lineOf(text)) === text

/**
 * Returns the problem of the text in a column's field, in the operator's language; null if the text
 * is valid.
 */
export function cellProblem(
  table: string,
  column: TableColumn,
  text: string,
  words: Catalogue,
): string | null {
  const rule = TABLE_RULES[table]?.columns[column.name] ?? {}
  const checked = checkedCell(column, rule, text === '' ? null : text)
  if ('value' in checked) return null
  const { problem } = checked
  switch (problem.type) {
    case 'missing':
      return words.problems.required
    case 'kind':
      return words.problems.kind[problem.kind]
    case 'rule':
      return problem.issue === undefined ? words.problems.wrong : issueWords(problem.issue, words)
  }
}
