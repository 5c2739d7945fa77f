import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Cell, TableColumn } from '../../lib/model/table.ts'
import type { Translator } from '../../lib/locales/translator.ts'

/** Returns a cell for people, on one line: an instant as local time, a missing value as a dash. */
export function cellText({ kind }: TableColumn, cell: Cell, t: Translator): string {
  if (cell === null) return '–'
  return kind === 'instant' && typeof cell === 'number' ? t.stamp(cell) : sanitiseLine(String(cell))
}

/** Maximum length of one value's text on a screen, in characters. */
const LONGEST = 20_000

/** Returns JSON in indented lines; any other text unchanged. */
export function jsonLines(text: string): string {
  try {
    const json: unknown = JSON.parse(text)
    return sanitiseBlock(JSON.stringify(json, null, 2), LONGEST)
  } catch {
    return sanitiseBlock(text, LONGEST)
  }
}
