import { localTime as localTimeOf } from '../lib/core/local-time.ts'
import { sanitiseLine } from '../lib/core/sanitise.ts'

/** Results go to stdout: as one JSON value, or as what `text` makes of it. */
export function printResult<T>(value: T, json: boolean, text: (value: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text(value)}\n`)
}

/** Rows as columns, as wide as their widest cell. Cells are text from outside and are made harmless here. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map(row => row.map(cell => sanitiseLine(String(cell), 120)))
  const widths = head.map((_, column) => Math.max(...cells.map(row => (row[column] ?? '').length)))
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `2026-03-23 14:05:09`, in local time; empty for no instant. */
export function localTime(at: number | null): string {
  return at === null ? '' : localTimeOf(at)
}
