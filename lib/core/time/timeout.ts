import type { Clock } from './clock.ts'
import { AutomateError, messageOf } from '../errors/errors.ts'

/**
 * Settles like `work`, or rejects with the code `deadline` after `ms` milliseconds. Leaves no timer
 * behind. The work itself is not stopped; that is up to the caller.
 */
export function withTimeout<T>(work: Promise<T>, ms: number, what: string, clock: Clock): Promise<T> {
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
        reject(errorOf(error))
      },
    )
  })
}

/**
 * Settles like `work`, or rejects with the signal's reason as soon as the signal aborts. Leaves no
 * listener behind. The work itself is not stopped.
 */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const refuse = () => reject(errorOf(signal.reason))
    if (signal.aborted) refuse()
    else signal.addEventListener('abort', refuse, { once: true })
    void work
      .then(resolve, (error: unknown) => reject(errorOf(error)))
      .finally(() => signal.removeEventListener('abort', refuse))
  })
}

const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new AutomateError('unexpected', messageOf(thrown))

/**
 * Resolves after `ms` milliseconds, or as soon as the signal aborts. Leaves no timer and no
 * listener behind.
 */
export function delay(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
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
