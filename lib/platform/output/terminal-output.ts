import { EventEmitter } from 'node:events'
import type { OutputWriter } from './output-writer.ts'

/** Timeout of a console that restores its terminal. */
const RESTORE_WAIT_MS = 2_000

interface TerminalEvents {
  /** All that was written has arrived. */
  readonly drain: []
  readonly resize: []
  /** Never emitted: the end of the input says that a terminal has gone. */
  readonly error: [Error]
}

/** The terminal of standard output. A write returns at once, and `drain` follows when the terminal has taken it. */
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

  /** Returns false, as a stream does that is to be written again after `drain`. */
  write(text: string): boolean {
    this.writer.write(1, text)
    return false
  }

  /** Blocks until all has arrived. Returns false when the terminal does not read. */
  flush(): boolean {
    return this.writer.flush(RESTORE_WAIT_MS)
  }
}
