import type { Clock } from './clock.ts'
import { AutomateError, messageOf } from './errors.ts'

/**
 * Settles as `work` does, or fails with code `deadline` after `ms`. Leaves no timer behind.
 * The work itself goes on: whoever sets the deadline stops it.
 */
export function withDeadline<T>(work: Promise<T>, ms: number, what: string, clock: Clock): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = clock.after(ms, () =>
      reject(new AutomateError('deadline', `${what} did not end within ${ms} ms.`, { facts: { what, ms } })),
    )
    work.then(
      value => {
        forget()
        resolve(value)
      },
      (error: unknown) => {
        forget()
        reject(error instanceof Error ? error : new AutomateError('unexpected', messageOf(error)))
      },
    )
  })
}

/** Resolves after `ms`, or at once when the signal aborts. Leaves no timer and no listener behind. */
export function pause(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const done = () => {
      forget()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const forget = clock.after(ms, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
