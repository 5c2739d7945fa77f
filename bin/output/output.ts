import { errorToRecord, isAutomateError } from '../../lib/core/errors/errors.ts'
import { localTime as localTimeOf } from '../../lib/core/time/local-time.ts'
import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { redactJsonText } from '../../lib/core/secrets/known-secrets.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'

/**
 * Prints a result, as one JSON value or as the text that `text` returns. Removes control sequences,
 * because a part of the result may come from a page. `write` replaces stdout if stdout is reserved
 * for results.
 */
export function printResult<T>(
  value: T,
  json: boolean,
  text: (value: T) => string,
  write: (text: string) => void = line => process.stdout.write(line),
): void {
  write(`${json ? terminalJson(value) : sanitiseBlock(text(value), Infinity)}\n`)
}

/**
 * Prints an error of this program as JSON on stdout, without known secrets, so that
 * `automate-tui/testing` can read its code. The message for people goes to stderr as usual. Prints
 * nothing for any other error.
 */
export function printRefusal(error: unknown): void {
  if (isAutomateError(error))
    process.stdout.write(`${redactJsonText(terminalJson({ error: errorToRecord(error) }))}\n`)
}

/**
 * Redirects everything that this process writes to stdout to stderr, so that a workflow's
 * `console.log` is not read as a result. Returns a function that still writes to stdout.
 */
export function reserveStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return text => void write(text)
}

/** Maximum width of a table cell, in characters. Wider cells would break the columns. */
const WIDEST = 120

/**
 * Returns rows as a table. Each column is as wide as its widest cell, but at most `widest`
 * characters. Cells may contain text from outside, so they are sanitised.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  widest = WIDEST,
): string {
  const cells = [head, ...rows].map(row => row.map(cell => sanitiseLine(String(cell), widest)))
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

/**
 * Formats a time in milliseconds since the Unix epoch as local time, `2026-03-23 14:05:09`; empty
 * for null.
 */
export function localTime(at: number | null): string {
  return at === null ? '' : localTimeOf(at)
}
