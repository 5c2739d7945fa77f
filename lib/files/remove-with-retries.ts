import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'
import { removeOwnTreeLater } from '../core/disk/remove-own.ts'
import { errorCode } from '../core/errors/errors.ts'

/** On Windows a file of a dead browser stays held for up to some seconds, by itself or by antivirus; each pause is twice the one before: 3 s in all. */
const TRIES = 5
const FIRST_PAUSE_MS = 200

/**
 * Removes a folder with all that it holds, again and again where it does not go at once. Resolves with what kept it, or undefined when it has gone or never was.
 * Never rejects: a folder that stays is swept later.
 */
export async function removeWithRetries(path: string, clock: Clock): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      await removeOwnTreeLater(path)
      return undefined
    } catch (error) {
      // A link of another user stays.
      if (tries === TRIES || errorCode(error) === 'environment-unfit') return error
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1), clock)
    }
  }
}
