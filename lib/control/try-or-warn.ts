import { messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'

/**
 * Returns the result of `act`. If it throws, logs the message and returns undefined, because an
 * unreadable document must not stop its reader. The document is not removed, so that a person can
 * look at it.
 */
export function tryOrWarn<T>(log: Log, act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    log.warn(messageOf(error))
    return undefined
  }
}
