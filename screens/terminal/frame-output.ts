import { Duplex } from 'node:stream'
import type { Size } from '../state.ts'

/** A terminal's output: `process.stdout`, or anything like it. */
export interface TerminalOutput {
  readonly columns?: number
  readonly rows?: number
  /** Returns false when no more is to be written before `drain`. */
  write(text: string): boolean
  /** Blocks until all is written. Returns false when the terminal does not read. */
  flush?(): boolean
  on(event: 'drain' | 'resize' | 'error', listener: () => void): unknown
  removeListener(event: 'drain' | 'resize' | 'error', listener: () => void): unknown
}

const SYNC_BEGIN = '\u001b[?2026h'
const SYNC_END = '\u001b[?2026l'

/** A terminal that took so long for a frame has not read meanwhile, and may have lost what it was sent. */
const STALLED_AFTER_MS = 1_000

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
  /** When the terminal was sent the frame that it still chews on: a new one would only queue up behind it. Null when it takes frames. */
  private busySince: number | null = null
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

  get busy(): boolean {
    return this.busySince !== null
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
    if (!this.terminal.write(frame)) this.busySince ??= performance.now()
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

  /** Waits for the terminal. Returns false when it does not read. */
  close(): boolean {
    this.terminal.removeListener('drain', this.drained)
    return this.terminal.flush?.() ?? true
  }

  private readonly drained = () => {
    const stalled = this.busySince !== null && performance.now() - this.busySince > STALLED_AFTER_MS
    this.busySince = null
    this.emit('ready', stalled)
  }
}

/** The size of an output, at least one cell. */
export function sizeOf({ columns, rows }: TerminalOutput): Size {
  return {
    columns: Math.max(1, columns ?? DEFAULT_SIZE.columns),
    rows: Math.max(1, rows ?? DEFAULT_SIZE.rows),
  }
}
