import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { sanitiseBlock } from '../../../core/text/sanitise.ts'
import { READ_BEYOND_CUT, knownSecrets } from '../../../core/secrets/known-secrets.ts'
import { LogLine } from '../../../model/log-line.ts'

/** How many lines of its log, and of what its process printed beside it, go into the report of a dead worker. */
const LOG_LINES = 40
const OUTPUT_LINES = 20

/** A line is some hundred bytes; a log can have any length, and is read from its end. */
const TAIL_BYTES = 64_000

const READ_BYTES = TAIL_BYTES + READ_BEYOND_CUT

/**
 * The last lines of a worker's log, oldest first, as a worker puts them into its own report. None where it cannot be read. A job of a replaced database that had
 * the same number on the same day wrote into the same file: lines of other workers are left out.
 */
export function lastLogLines(file: string, workerId: string): string[] {
  return tailOf(file)
    .flatMap(text => logLine(text) ?? [])
    .filter(line => (line.workerId ?? workerId) === workerId)
    .slice(-LOG_LINES)
    .map(({ at, level, message }) => `${new Date(at).toISOString()} ${level} ${message}`)
}

/** What a process printed last: the words of a native crash. None where it cannot be read. */
export function lastOutputLines(file: string): string[] {
  // A secret can have several lines.
  return sanitiseBlock(
    knownSecrets.redact(knownSecrets.tail(tailOf(file).join('\n'), TAIL_BYTES)),
    TAIL_BYTES,
  )
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-OUTPUT_LINES)
}

/** The last of them may be torn: its writer was killed. */
function logLine(text: string): LogLine | undefined {
  try {
    return LogLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function tailOf(file: string): string[] {
  try {
    const handle = openSync(file, 'r')
    try {
      const start = Math.max(0, fstatSync(handle).size - READ_BYTES)
      const bytes = Buffer.alloc(READ_BYTES)
      return bytes.toString('utf8', 0, readSync(handle, bytes, 0, READ_BYTES, start)).split('\n')
    } finally {
      closeSync(handle)
    }
  } catch {
    return []
  }
}
