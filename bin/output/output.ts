import { errorToRecord, isAutomateError } from '../../lib/core/errors/errors.ts'
import { localTime as localTimeOf } from '../../lib/core/time/local-time.ts'
import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { redactJsonText } from '../../lib/core/secrets/known-secrets.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'

/**
 * Prints a result on stdout, as one JSON value or as the text from `text`. A page may have chosen a
 * part of the result, so control sequences are removed. `write` replaces stdout if it is reserved
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
 * Prints a refusal as JSON on stdout, without known secrets. `automate-tui/testing` reads its code
 * there. The text of the refusal goes to stderr as always. Prints nothing for an error that is not
 * the program's.
 */
export function printRefusal(error: unknown): void {
  if (isAutomateError(error))
    process.stdout.write(`${redactJsonText(terminalJson({ error: errorToRecord(error) }))}\n`)
}

/**
 * Redirects the output of this process to stderr, so that an author's `console.log` is not read as
 * a result. Returns the function that still writes to stdout.
 */
export function reserveStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return text => void write(text)
}

/** Widest cell of a table, in characters. Wider cells would destroy the columns. */
const WIDEST = 120

/**
 * Returns rows as a table, with columns as wide as their widest cell and at most `widest`
 * characters. Cells are text from outside, so they are sanitised here.
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

/** Returns a local time as `2026-03-23 14:05:09`; empty for no instant. */
export function localTime(at: number | null): string {
  return at === null ? '' : localTimeOf(at)
}
