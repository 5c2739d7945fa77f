import { Duplex } from 'node:stream'
import type { Size } from '../state.ts'

/** Output of a terminal: `process.stdout`, or an equivalent. */
export interface TerminalOutput {
  readonly columns?: number
  readonly rows?: number
  /** Writes text. Returns false if the caller must wait for `drain`. */
  write(text: string): boolean
  /** Blocks until all text is written. Returns false if the terminal does not read. */
  flush?(): boolean
  on(event: 'drain' | 'resize' | 'error', listener: () => void): unknown
  removeListener(event: 'drain' | 'resize' | 'error', listener: () => void): unknown
}

const SYNC_BEGIN = '\u001b[?2026h'
const SYNC_END = '\u001b[?2026l'

/**
 * If the terminal takes longer than this to read one frame, it counts as stalled, and may have lost
 * frames.
 */
const STALLED_AFTER_MS = 1_000

/** Size that is assumed if the output does not know its own. */
const DEFAULT_SIZE: Size = { columns: 80, rows: 24 }

/**
 * Output stream of blessed. It collects the text of a frame, and sends it between the marks of
 * synchronized output (DEC 2026), so that no terminal shows half a frame.
 */
export class FrameOutput extends Duplex {
  readonly isTTY = true
  columns: number
  rows: number
  /**
   * Time at which a frame was sent that the terminal has not read yet (`performance.now()`); null
   * if the terminal can take a frame. No frame is sent in between, because it would only wait.
   */
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
    // Nothing reads from here. The class is a Duplex because blessed's types require one.
  }

  /** Sends the collected text, if there is any. */
  send(): void {
    if (this.collected === '') return
    const frame = SYNC_BEGIN + this.collected + SYNC_END
    this.collected = ''
    if (!this.terminal.write(frame)) this.busySince ??= performance.now()
  }

  /** Sends a text at once, outside of any frame. */
  sendNow(text: string): void {
    this.send()
    this.terminal.write(text)
  }

  /** Reads the terminal's size, notifies blessed, and returns the size. */
  resized(): Size {
    const size = sizeOf(this.terminal)
    this.columns = size.columns
    this.rows = size.rows
    this.emit('resize')
    return size
  }

  /** Waits until the terminal has taken all text. Returns false if the terminal does not read. */
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

/** Returns the size of an output in cells, at least 1×1. */
export function sizeOf({ columns, rows }: TerminalOutput): Size {
  return {
    columns: Math.max(1, columns ?? DEFAULT_SIZE.columns),
    rows: Math.max(1, rows ?? DEFAULT_SIZE.rows),
  }
}
