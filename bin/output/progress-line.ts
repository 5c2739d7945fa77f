import { clearLine, cursorTo } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'

/**
 * Progress of the present work: on a terminal one line that the next one replaces, elsewhere one
 * line each.
 */
export interface ProgressLine {
  show(text: string): void
  /** Clears the terminal's line for the next output. */
  clear(): void
}

export function progressLine(stream: WriteStream): ProgressLine {
  const clear = () => {
    if (!stream.isTTY) return
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  return {
    show(text) {
      clear()
      const line = sanitiseLine(text)
      stream.write(stream.isTTY ? line.slice(0, stream.columns - 1) : `${line}\n`)
    },
    clear,
  }
}
