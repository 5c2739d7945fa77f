import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { LogLine } from '../../model/log-line.ts'

/**
 * Maximum number of bytes that one read takes from a file, some 3,000 lines. If more have been
 * appended, the earlier ones are skipped, so that a flood in one file does not delay the others.
 */
const CHUNK_BYTES = 512 * 1024

/** Maximum length of a line in bytes. Only the beginning of a longer line is shown. */
const LONGEST_LINE_BYTES = 64 * 1024

const NEWLINE = 0x0a

/** Position in a log file up to which it has been read. */
export class LogCursor {
  private readonly path: string
  private offset: number
  private inode: number | undefined
  /** Beginning of a line whose end has not been written yet. */
  private rest: Buffer = Buffer.alloc(0)
  /** True if the next bytes continue a line whose beginning was skipped. */
  private midLine: boolean

  /** Starts at the first line that begins at `offset` or after it. */
  constructor(path: string, offset: number) {
    this.path = path
    // The line before the offset is skipped. The cursor starts one byte earlier, because nothing
    // must be skipped if that byte is a newline.
    this.offset = Math.max(0, offset - 1)
    this.midLine = offset > 0
  }

  /**
   * Returns the lines that were appended since the last call.
   * @throws The system's error if the file was removed or is locked.
   */
  read(now: number): LogLine[] {
    const file = openSync(this.path, 'r')
    try {
      const { size, ino } = fstatSync(file)
      if (size < this.offset || (this.inode !== undefined && ino !== this.inode)) this.startOver()
      this.inode = ino
      if (size === this.offset) return []
      if (size - this.offset > CHUNK_BYTES) this.skipTo(size - CHUNK_BYTES)
      const bytes = Buffer.alloc(size - this.offset)
      const count = readSync(file, bytes, 0, bytes.length, this.offset)
      this.offset += count
      return this.split(bytes.subarray(0, count)).map(line => toLogLine(line, this.path, now))
    } finally {
      closeSync(file)
    }
  }

  private startOver(): void {
    this.offset = 0
    this.rest = Buffer.alloc(0)
    this.midLine = false
  }

  private skipTo(offset: number): void {
    this.offset = offset
    this.rest = Buffer.alloc(0)
    this.midLine = true
  }

  private split(bytes: Buffer): string[] {
    const lines: string[] = []
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([this.rest, bytes.subarray(from, end)])
      if (!this.midLine && line.length > 0) lines.push(line.toString('utf8', 0, LONGEST_LINE_BYTES))
      this.midLine = false
      this.rest = Buffer.alloc(0)
      from = end + 1
    }
    if (!this.midLine) {
      this.rest = Buffer.concat([this.rest, bytes.subarray(from)]).subarray(0, LONGEST_LINE_BYTES)
    }
    return lines
  }
}

/**
 * Converts a line of a file to a `LogLine`. Other programs write to these files too, and their
 * lines become plain text with the time of the read.
 */
function toLogLine(text: string, path: string, now: number): LogLine {
  const line = parseLine(text)
  if (line === undefined) {
    return { at: now, level: 'info', source: basename(path, '.log'), message: sanitiseLine(text.trimEnd()) }
  }
  return { ...line, source: sanitiseLine(line.source), message: sanitiseLine(line.message) }
}

function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return LogLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
