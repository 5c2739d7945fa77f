/** Subject of a log line. */
export interface LogContext {
  readonly jobId?: number
  readonly workerId?: string
  readonly member?: number
  readonly phase?: string
}

/** Log of a part of the program, for the operator. Its methods never throw. */
export interface Log {
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  error(message: string, context?: LogContext): void
}
