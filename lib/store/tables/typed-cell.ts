import type { z } from 'zod'
import { AutomateError } from '../../core/errors.ts'
import type { Cell, TableColumn } from '../../domain/table.ts'
import type { ColumnRule } from './table-rules.ts'

/**
 * What a person typed → what is stored. Instants are typed as local time (`2026-11-25 14:30`), as ISO 8601, or in epoch milliseconds.
 * Thrown with code `input-invalid` when it does not fit the column: the message names the column and says what would.
 */
export function typedCell(table: string, column: TableColumn, rule: ColumnRule, text: string | null): Cell {
  const wrong = (why: string) =>
    new AutomateError('input-invalid', `${table}.${column.name} ${why}, got ${quoted(text)}.`, {
      facts: { table, column: column.name },
    })
  if (text === null) {
    if (!column.nullable) throw wrong('must have a value')
    return null
  }
  const value = converted(column.kind, text.trim(), text)
  if (value === undefined) throw wrong(WANTED[column.kind])
  const checked = rule.value?.safeParse(value)
  if (checked?.success === false) throw wrong(firstIssue(checked.error))
  return value
}

const WANTED: Readonly<Record<TableColumn['kind'], string>> = {
  text: 'must be text',
  integer: 'must be a whole number',
  number: 'must be a number',
  instant: 'must be a time such as 2026-11-25 14:30',
  json: 'must be JSON',
  sealed: 'cannot be typed',
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

/** A date without a time would be midnight of UTC: it is taken for the local one. */
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

const firstIssue = (error: z.ZodError): string => `does not fit: ${error.issues[0]?.message ?? 'wrong value'}`

const LONGEST_QUOTED = 80

function quoted(text: string | null): string {
  if (text === null) return 'none'
  return JSON.stringify(text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text)
}
