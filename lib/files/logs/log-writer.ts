import { pino } from 'pino'
import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { Log, LogContext } from '../../core/log.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { LogLevel, LogLine } from '../../model/log-line.ts'

export interface LogWriter extends Log {
  /** Appends one line before it returns. The text may come from anywhere: it is made harmless here, and loses the secrets that this process knows. Never throws. */
  log(level: LogLevel, message: string, context?: LogContext): void
  close(): void
}

export interface LogOptions {
  /** The file now, absolute; asked again every minute, so that a process that lives over midnight moves to the new day's folder. */
  readonly pathAt: (at: Date) => string
  readonly source: string
  /** Lines below are not written. */
  readonly level?: LogLevel
  readonly context?: LogContext
  readonly clock?: Clock
  /** Hears every warning and error too, also one that the disk does not take. */
  readonly onTrouble?: (trouble: Trouble) => void
}

/** A warning or an error, and the job that it is about. */
export type Trouble = Pick<LogLine, 'at' | 'level' | 'message' | 'jobId'>

const ASK_PATH_EVERY_MS = 60_000

/** Held while the disk is full; what comes after is dropped, so that a full disk does not become full memory. */
const MOST_HELD_BYTES = 1024 * 1024

const PRIVATE_FILE = 0o600

/**
 * Opens a log of JSON lines (`LogLine`), written synchronously: a line that was logged is in the file when the process is killed the moment after.
 * Thrown with the system's error when the file cannot be opened; later failures are silent, since a log must not end the work.
 */
export function openLog(options: LogOptions): LogWriter {
  const { source, level = 'debug', context = {}, clock = systemClock, onTrouble } = options
  const file = new LogFile(options.pathAt, level, clock, onTrouble)
  const log = (at: LogLevel, message: string, more: LogContext = {}) =>
    file.write(at, message, { ...context, source, ...more })
  return {
    log,
    debug: (message, context) => log('debug', message, context),
    info: (message, context) => log('info', message, context),
    warn: (message, context) => log('warn', message, context),
    error: (message, context) => log('error', message, context),
    close: () => file.close(),
  }
}

class LogFile {
  private readonly pathAt: (at: Date) => string
  private readonly level: LogLevel
  private readonly clock: Clock
  private readonly onTrouble: (trouble: Trouble) => void
  private path: string
  private askedAt: number
  private sink: Sink | undefined

  constructor(
    pathAt: (at: Date) => string,
    level: LogLevel,
    clock: Clock,
    onTrouble: (trouble: Trouble) => void = () => undefined,
  ) {
    this.pathAt = pathAt
    this.level = level
    this.clock = clock
    this.onTrouble = onTrouble
    this.askedAt = clock.now()
    this.path = pathAt(new Date(this.askedAt))
    this.sink = openSink(this.path, level, clock)
  }

  write(level: LogLevel, message: string, fields: LogContext & { readonly source: string }): void {
    if (this.sink === undefined) return
    const text = sanitiseLine(knownSecrets.redact(message))
    const { source, workerId, jobId, member, phase } = fields
    if (level === 'warn' || level === 'error')
      this.onTrouble({ at: this.clock.now(), level, message: text, jobId })
    this.followTheDay()
    this.sink.logger[level](
      {
        source: sanitiseLine(source),
        workerId: workerId === undefined ? undefined : sanitiseLine(workerId),
        jobId,
        member,
        phase: phase === undefined ? undefined : sanitiseLine(phase),
      },
      text,
    )
  }

  close(): void {
    this.sink?.end()
    this.sink = undefined
  }

  private followTheDay(): void {
    const now = this.clock.now()
    if (Math.abs(now - this.askedAt) < ASK_PATH_EVERY_MS) return
    this.askedAt = now
    try {
      const path = this.pathAt(new Date(now))
      if (path === this.path) return
      const next = openSink(path, this.level, this.clock)
      this.sink?.end()
      this.sink = next
      this.path = path
    } catch {
      // The new day's file cannot be opened: yesterday's still can be written.
    }
  }
}

type Sink = ReturnType<typeof openSink>

function openSink(path: string, level: LogLevel, clock: Clock) {
  const destination = pino.destination({
    dest: path,
    sync: true,
    append: true,
    mode: PRIVATE_FILE,
    maxLength: MOST_HELD_BYTES,
  })
  destination.on('error', () => undefined)
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":${clock.now()}`,
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  )
  return { logger, end: () => destination.end() }
}
