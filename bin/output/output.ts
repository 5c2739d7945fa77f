import { errorToRecord, isAutomateError } from '../../lib/core/errors/errors.ts'
import { localTime as localTimeOf } from '../../lib/core/time/local-time.ts'
import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { redactJsonText } from '../../lib/core/secrets/known-secrets.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'

/**
 * Prints a result on stdout: as one JSON value, or as what `text` makes of it. A page may have chosen a part of it, so nothing in it is a control sequence. `write` where
 * stdout was reserved for results.
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
 * Prints a refusal as JSON on stdout, where `automate-tui/testing` reads its code, without known secrets. Its text goes
 * to stderr as ever. An error that is not the program's prints nothing.
 */
export function printRefusal(error: unknown): void {
  if (isAutomateError(error))
    process.stdout.write(`${redactJsonText(terminalJson({ error: errorToRecord(error) }))}\n`)
}

/** Sends to stderr what this process prints from now on, so that an author's `console.log` is not read as a result; gives the way to stdout that is left. */
export function reserveStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return text => void write(text)
}

/** Columns of cells that are longer than this are no columns any more. */
const WIDEST = 120

/** Rows as columns, as wide as their widest cell, of which no more than `widest` characters are shown. Cells are text from outside and are made harmless here. */
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

/** `2026-03-23 14:05:09`, in local time; empty for no instant. */
export function localTime(at: number | null): string {
  return at === null ? '' : localTimeOf(at)
}
