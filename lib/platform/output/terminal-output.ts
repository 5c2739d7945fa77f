import { EventEmitter } from 'node:events'
import type { OutputWriter } from './output-writer.ts'

/** Timeout of a console that restores its terminal. */
const RESTORE_WAIT_MS = 2_000

interface TerminalEvents {
  /** Emitted when all written data has arrived. */
  readonly drain: []
  readonly resize: []
  /** Never emitted, because the end of the input reports a lost terminal. */
  readonly error: [Error]
}

/**
 * The terminal of standard output. A write returns at once, and `drain` follows when the terminal
 * has accepted the data.
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

  /** Queues the text. Returns false, so that the caller waits for `drain` before the next write. */
  write(text: string): boolean {
    this.writer.write(1, text)
    return false
  }

  /** Blocks until all data has arrived. Returns false if the terminal does not read. */
  flush(): boolean {
    return this.writer.flush(RESTORE_WAIT_MS)
  }
}
