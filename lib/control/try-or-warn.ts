import { messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'

/** A document that cannot be read or written says nothing; the log says why, and the file stays for a person to look at. */
export function tryOrWarn<T>(log: Log, act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    log.warn(messageOf(error))
    return undefined
  }
}
