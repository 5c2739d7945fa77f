import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { Log } from '../../core/log.ts'

export interface RepeatOptions {
  readonly everyMs: number
  readonly clock: Clock
  readonly log: Log
  /** Subject of the sentence that logs a failure, such as "The check of the scheduler". */
  readonly what: string
  readonly act: () => void
}

/**
 * Calls `act` at once, and then again every `everyMs`. Logs an error unless it is the same as the
 * last one. An error does not end the repetition, because it may come from the machine, for example
 * if the process has no free file descriptor. Returns the function that ends the repetition.
 */
export function repeat({ everyMs, clock, log, what, act }: RepeatOptions): () => void {
  let forget: () => void = () => undefined
  let failure = ''
  const round = () => {
    forget = clock.after(everyMs, round)
    try {
      act()
      failure = ''
    } catch (error) {
      const message = messageOf(error)
      if (message !== failure) log.error(`${what} failed and will be repeated: ${message}`)
      failure = message
    }
  }
  round()
  return () => forget()
}
