import { pino } from 'pino'
import { FailureLog, logFailures } from '../../core/errors/failure-log.ts'
import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { Log, LogContext } from '../../core/log.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { LogLevel, LogLine } from '../../model/log-line.ts'

export interface LogWriter extends Log {
  /**
   * Appends one line synchronously. The text may come from anywhere, so it is sanitised, and the
   * secrets that this process knows are redacted. Never throws.
   */
  log(level: LogLevel, message: string, context?: LogContext): void
  /** Reason why lines cannot be written; undefined while they can. */
  readonly trouble: string | undefined
  close(): void
}

export interface LogOptions {
  /**
   * Returns the absolute path of the file to write. It is called again every minute, so that a
   * process that runs past midnight moves to the new day's folder.
   */
  readonly pathAt: (at: Date) => string
  readonly source: string
  /** Lowest level that is written. */
  readonly level?: LogLevel
  readonly context?: LogContext
  readonly clock?: Clock
  /** Also receives every warning and error, even if the disk refuses the line. */
  readonly onTrouble?: (trouble: Trouble) => void
}

/** A logged warning or error, with its time and its job. */
export type Trouble = Pick<LogLine, 'at' | 'level' | 'message' | 'jobId'>

const ASK_PATH_EVERY_MS = 60_000

/** Interval at which lines that a full disk refused are written again. */
const RETRY_MS = 2_000

/**
 * Maximum number of bytes that are kept in memory while the disk is full. Later lines are dropped.
 */
const MOST_HELD_BYTES = 1024 * 1024

const PRIVATE_FILE = 0o600

/**
 * Opens a log of JSON lines (`LogLine`). Writes synchronously, so that a logged line is in the file
 * even if the process is killed right afterwards. If a later write fails, nothing is thrown,
 * because a log must not end the work. The beginning and the end of such a failure are logged as
 * one line each, which `onTrouble` also receives.
 * @throws The system's error if the file cannot be opened.
 */
export function openLog(options: LogOptions): LogWriter {
  const { source, context = {} } = options
  const file = new LogFile(options)
  const log = (at: LogLevel, message: string, more: LogContext = {}) =>
    file.write(at, message, { ...context, source, ...more })
  return {
    log,
    debug: (message, context) => log('debug', message, context),
    info: (message, context) => log('info', message, context),
    warn: (message, context) => log('warn', message, context),
    error: (message, context) => log('error', message, context),
    get trouble() {
      return file.trouble
    },
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
  private readonly failures: FailureLog
  private forgetRetry: (() => void) | undefined

  constructor({
    pathAt,
    source,
    level = 'debug',
    clock = systemClock,
    onTrouble = () => undefined,
  }: LogOptions) {
    const line = (at: LogLevel) => (message: string) => this.write(at, message, { source })
    this.failures = new FailureLog(
      { warn: line('warn'), error: line('error') },
      logFailures(`the ${source}`, `The log of the ${source} is`),
    )
    this.pathAt = pathAt
    this.level = level
    this.clock = clock
    this.onTrouble = onTrouble
    this.askedAt = clock.now()
    this.path = pathAt(new Date(this.askedAt))
    this.sink = openSink(this.path, level, clock)
  }

  get trouble(): string | undefined {
    return this.failures.problem
  }

  write(level: LogLevel, message: string, fields: LogContext & { readonly source: string }): void {
    if (this.sink === undefined) return
    const text = sanitiseLine(knownSecrets.redact(message))
    const { source, workerId, jobId, member, phase } = fields
    if (level === 'warn' || level === 'error')
      this.onTrouble({ at: this.clock.now(), level, message: text, jobId })
    this.followTheDay()
    // Must precede the new line, because the lines in memory may leave no room for it.
    if (this.failures.isFailing) this.sink.retry()
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
    this.checkSink()
  }

  close(): void {
    this.forgetRetry?.()
    this.sink?.end()
    this.sink = undefined
  }

  /** Records whether the last write failed, and plans a retry if it did. */
  private checkSink(): void {
    const error = this.sink?.takeError()
    if (error === undefined) {
      this.failures.succeed()
      return
    }
    this.failures.fail(error)
    this.forgetRetry ??= this.clock.after(RETRY_MS, () => {
      this.forgetRetry = undefined
      this.sink?.retry()
      this.checkSink()
    })
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
      // The new day's file cannot be opened. The log continues in the file of the day before.
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
  let failure: Error | undefined
  destination.on('error', (error: Error) => {
    failure = error
  })
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
  return {
    logger,
    /** Tries again to write the lines that are in memory. */
    retry: () => void destination.write(''),
    /** Returns the error of the last write once; undefined if it succeeded. */
    takeError: () => {
      const error = failure
      failure = undefined
      return error
    },
    end: () => {
      destination.end()
      // If the file cannot be written, it is closed without the lines in memory.
      destination.destroy()
    },
  }
}
