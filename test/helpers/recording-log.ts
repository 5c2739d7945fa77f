import type { Log } from '../../lib/core/log.ts'

/** Log that records its lines in the form `warn: text`. */
export class RecordingLog implements Log {
  readonly lines: string[] = []
  debug = (message: string) => this.keep('debug', message)
  info = (message: string) => this.keep('info', message)
  warn = (message: string) => this.keep('warn', message)
  error = (message: string) => this.keep('error', message)

  private keep(level: string, message: string): void {
    this.lines.push(`${level}: ${message}`)
  }
}
