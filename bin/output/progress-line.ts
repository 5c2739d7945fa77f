import { clearLine, cursorTo } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'

/**
 * Shows the progress of the current work. On a terminal each text replaces the last one on the same
 * line; elsewhere each text is a line.
 */
export interface ProgressLine {
  show(text: string): void
  /** Clears the line on a terminal, so that other output can follow. */
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
