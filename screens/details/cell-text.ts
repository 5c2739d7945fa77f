import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Cell, TableColumn } from '../../lib/model/table.ts'
import type { Translator } from '../../lib/locales/translator.ts'

/** A cell as a person reads it: an instant as local time, what is not there as a dash, and everything on one line. */
export function cellText({ kind }: TableColumn, cell: Cell, t: Translator): string {
  if (cell === null) return '–'
  return kind === 'instant' && typeof cell === 'number' ? t.stamp(cell) : sanitiseLine(String(cell))
}

/** More of one value than anybody reads on a screen: a file has it whole. */
const LONGEST = 20_000

/** JSON in lines, each with what it is within before it; other text as it is. */
export function jsonLines(text: string): string {
  try {
    const json: unknown = JSON.parse(text)
    return sanitiseBlock(JSON.stringify(json, null, 2), LONGEST)
  } catch {
    return sanitiseBlock(text, LONGEST)
  }
}
