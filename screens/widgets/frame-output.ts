import { Duplex } from 'node:stream'
import type { Size } from '../state.ts'

/** A terminal's output: `process.stdout`, or anything like it. */
export type TerminalOutput = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number }

const SYNC_BEGIN = '\u001b[?2026h'
const SYNC_END = '\u001b[?2026l'

/** A size for an output that does not know its own. */
const DEFAULT_SIZE: Size = { columns: 80, rows: 24 }

/**
 * The output that blessed is given: it collects what is written, and sends it as one frame between the marks of
 * synchronized output (DEC 2026), so that no terminal shows half of it.
 */
export class FrameOutput extends Duplex {
  readonly isTTY = true
  columns: number
  rows: number
  /** The terminal still chews on earlier frames: a new one would only queue up behind them. */
  busy = false
  private readonly terminal: TerminalOutput
  private collected = ''

  constructor(terminal: TerminalOutput) {
    super({ decodeStrings: false })
    this.terminal = terminal
    const { columns, rows } = sizeOf(terminal)
    this.columns = columns
    this.rows = rows
    terminal.on('drain', this.drained)
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.collected += chunk
    done()
  }

  override _read(): void {
    // Nothing is ever read: it is a Duplex because blessed's types ask for one.
  }

  /** Sends what was collected; nothing when there is nothing. */
  send(): void {
    if (this.collected === '') return
    const frame = SYNC_BEGIN + this.collected + SYNC_END
    this.collected = ''
    this.busy = !this.terminal.write(frame)
  }

  /** Sends at once, outside of any frame. */
  sendNow(text: string): void {
    this.send()
    this.terminal.write(text)
  }

  /** Takes over the terminal's size and tells blessed. */
  resized(): Size {
    const size = sizeOf(this.terminal)
    this.columns = size.columns
    this.rows = size.rows
    this.emit('resize')
    return size
  }

  close(): void {
    this.terminal.removeListener('drain', this.drained)
  }

  private readonly drained = () => {
    this.busy = false
    this.emit('ready')
  }
}

/** The size of an output, at least one cell. */
export function sizeOf({ columns, rows }: TerminalOutput): Size {
  return {
    columns: Math.max(1, columns ?? DEFAULT_SIZE.columns),
    rows: Math.max(1, rows ?? DEFAULT_SIZE.rows),
  }
}
