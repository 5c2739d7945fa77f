/** Whom a log line is about. */
export interface LogContext {
  readonly jobId?: number
  readonly workerId?: string
  readonly member?: number
  readonly phase?: string
}

/** Where a part of the program writes what the operator may want to read. Never throws. */
export interface Log {
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  error(message: string, context?: LogContext): void
}
