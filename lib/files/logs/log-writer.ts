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
   * Appends one line before it returns. The text may have any origin, so it is sanitised here, and
   * the secrets that this process knows are redacted. Never throws.
   */
  log(level: LogLevel, message: string, context?: LogContext): void
  /** Reason for lost lines; undefined while the file takes them. */
  readonly trouble: string | undefined
  close(): void
}

export interface LogOptions {
  /**
   * Returns the absolute path of the present file. Called again every minute, so that a process
   * that runs past midnight moves to the new day's folder.
   */
  readonly pathAt: (at: Date) => string
  readonly source: string
  /** Lowest level that is written. */
  readonly level?: LogLevel
  readonly context?: LogContext
  readonly clock?: Clock
  /** Receives every warning and error too, also if the disk does not take it. */
  readonly onTrouble?: (trouble: Trouble) => void
}

/** A warning or an error, with its job. */
export type Trouble = Pick<LogLine, 'at' | 'level' | 'message' | 'jobId'>

const ASK_PATH_EVERY_MS = 60_000

/** Interval of the retries for lines that a full disk did not take. */
const RETRY_MS = 2_000

/**
 * Most bytes that wait while the disk is full. Later lines are dropped, so that a full disk does
 * not fill the memory.
 */
const MOST_HELD_BYTES = 1024 * 1024

const PRIVATE_FILE = 0o600

/**
 * Opens a log of JSON lines (`LogLine`). Writes synchronously, so that a logged line is in the file
 * even if the process is killed right afterwards. A later failure and its end are logged as one
 * line each, which `onTrouble` receives too, because a log must not end the work.
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
    // Runs first, because the waiting lines may leave no room for this one.
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

  /** Records the outcome of the last write. */
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
      // The new day's file cannot be opened. Yesterday's still can be written.
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
    /** Writes the lines that wait for room. */
    retry: () => void destination.write(''),
    /** Returns the error of the last write, and forgets it. */
    takeError: () => {
      const error = failure
      failure = undefined
      return error
    },
    end: () => {
      destination.end()
      // A file that takes no write is closed without the waiting lines.
      destination.destroy()
    },
  }
}
