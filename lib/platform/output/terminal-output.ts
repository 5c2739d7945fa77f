import { EventEmitter } from 'node:events'
import type { OutputWriter } from './output-writer.ts'

/** Longest wait for the terminal to accept the output that restores its state. */
const RESTORE_WAIT_MS = 2_000

interface TerminalEvents {
  /** Emitted when the terminal has accepted all written data. */
  readonly drain: []
  readonly resize: []
  /** Never emitted. A lost terminal is noticed by the end of the input instead. */
  readonly error: [Error]
}

/**
 * The terminal on standard output. A write returns at once, and `drain` is emitted when the
 * terminal has accepted the data.
 */
export class TerminalOutput extends EventEmitter<TerminalEvents> {
  private readonly stream: NodeJS.WriteStream
  private readonly writer: OutputWriter

  constructor(stream: NodeJS.WriteStream, writer: OutputWriter) {
    super()
    this.stream = stream
    this.writer = writer
    stream.on('resize', () => this.emit('resize'))
    writer.subscribe({
      finished: () => {
        if (writer.pending === 0) this.emit('drain')
      },
    })
  }

  get columns(): number {
    return this.stream.columns
  }

  get rows(): number {
    return this.stream.rows
  }

  /**
   * Queues the text. Always returns false, so that the caller waits for `drain` before the next
   * write.
   */
  write(text: string): boolean {
    this.writer.write(1, text)
    return false
  }

  /**
   * Blocks until the terminal has accepted all data. Returns false if the terminal does not read.
   */
  flush(): boolean {
    return this.writer.flush(RESTORE_WAIT_MS)
  }
}
