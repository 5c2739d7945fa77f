import type { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Cell, TableColumn } from '../../model/table.ts'
import type { ColumnRule } from './table-rules.ts'

/**
 * Reason why typed text does not fit its column: a required value is missing, the text does not
 * match the column's kind, or the value breaks a rule.
 */
export type CellProblem =
  | { readonly type: 'missing' }
  | { readonly type: 'kind'; readonly kind: TableColumn['kind'] }
  | { readonly type: 'rule'; readonly issue: z.core.$ZodIssue | undefined }

/**
 * Converts typed text to the stored value, or returns the problem. Instants are typed as local time
 * (`2026-11-25 14:30`), as ISO 8601, or in epoch milliseconds.
 */
export function checkedCell(
  column: Pick<TableColumn, 'kind' | 'nullable'>,
  rule: ColumnRule,
  text: string | null,
): { readonly value: Cell } | { readonly problem: CellProblem } {
  if (text === null) return column.nullable ? { value: null } : { problem: { type: 'missing' } }
  const value = converted(column.kind, text.trim(), text)
  if (value === undefined) return { problem: { type: 'kind', kind: column.kind } }
  const checked = rule.value?.safeParse(value)
  return checked?.success === false
    ? { problem: { type: 'rule', issue: checked.error.issues[0] } }
    : { value }
}

/**
 * Converts typed text to the stored value.
 * @throws `input-invalid` if the text does not fit the column. The message names the column and the
 * expected form.
 */
export function typedCell(table: string, column: TableColumn, rule: ColumnRule, text: string | null): Cell {
  const checked = checkedCell(column, rule, text)
  if ('value' in checked) return checked.value
  throw new AutomateError(
    'input-invalid',
    `${table}.${column.name} ${saidOf(checked.problem)}, got ${quoted(text)}.`,
    { facts: { table, column: column.name } },
  )
}

function saidOf(problem: CellProblem): string {
  switch (problem.type) {
    case 'missing':
      return 'must have a value'
    case 'kind':
      return WANTED[problem.kind]
    case 'rule':
      return `is not valid: ${problem.issue?.message ?? 'wrong value'}`
  }
}

const WANTED: Readonly<Record<TableColumn['kind'], string>> = {
  text: 'must be text',
  integer: 'must be a whole number',
  number: 'must be a number',
  instant: 'must be a time such as 2026-11-25 14:30',
  json: 'must be JSON',
  sealed: 'cannot be entered as text',
}

function converted(kind: TableColumn['kind'], trimmed: string, text: string): Cell | undefined {
  switch (kind) {
    case 'text':
      return text
    case 'integer':
      return wholeNumber(trimmed)
    case 'number':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined
    case 'instant':
      return wholeNumber(trimmed) ?? instantOf(trimmed)
    case 'json':
      return jsonOf(trimmed)
    case 'sealed':
      return undefined
  }
}

function wholeNumber(text: string): number | undefined {
  const value = Number(text)
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined
}

/**
 * Matches a date with or without a time. Times are local here, whereas JavaScript takes a date
 * without a time as midnight UTC.
 */
const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(Z|[+-]\d\d:\d\d)?$/

function instantOf(text: string): number | undefined {
  const [, date, time = '00:00', zone = ''] = LOCAL_TIME.exec(text) ?? []
  const at = Date.parse(`${date ?? ''}T${time}${zone}`)
  return Number.isNaN(at) ? undefined : at
}

function jsonOf(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return undefined
  }
}

const LONGEST_QUOTED = 80

function quoted(text: string | null): string {
  if (text === null) return 'none'
  return JSON.stringify(text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text)
}
