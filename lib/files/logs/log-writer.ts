import { pino } from 'pino'
import { FailureLog, logFailures } from '../../core/errors/failure-log.ts'
import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { Log, LogContext } from '../../core/log.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { LogLevel, LogLine } from '../../model/log-line.ts'

export interface LogWriter extends Log {
  /** Appends one line before it returns. The text may come from anywhere: it is made harmless here, and loses the secrets that this process knows. Never throws. */
  log(level: LogLevel, message: string, context?: LogContext): void
  /** Why lines are lost; undefined while the file takes them. */
  readonly trouble: string | undefined
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

/** Lines that a full disk did not take are written this soon after it has room. */
const RETRY_MS = 2_000

/** Held while the disk is full; what comes after is dropped, so that a full disk does not become full memory. */
const MOST_HELD_BYTES = 1024 * 1024

const PRIVATE_FILE = 0o600

/**
 * Opens a log of JSON lines (`LogLine`), written synchronously: a line that was logged is in the file when the process is killed the moment after.
 * Thrown with the system's error when the file cannot be opened; a later failure and its end are a line of the log each, which `onTrouble` receives too, since a log must not
 * end the work.
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
    // First, because the lines that wait may leave no place for this one.
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

  /** Records whether the last write has failed. */
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
    /** Writes what waits for room. */
    retry: () => void destination.write(''),
    /** Returns the error of the last write, once. */
    takeError: () => {
      const error = failure
      failure = undefined
      return error
    },
    end: () => {
      destination.end()
      // A file that takes no write is closed without what waits for it.
      destination.destroy()
    },
  }
}
