import { clearLine, cursorTo } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'

/** What is being done now: on a terminal one line that the next one replaces, elsewhere a line each. */
export interface ProgressLine {
  show(text: string): void
  /** Leaves the terminal's line free for what is printed next. */
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
