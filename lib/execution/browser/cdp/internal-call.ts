import { AsyncLocalStorage } from 'node:async_hooks'

const inner = new AsyncLocalStorage<true>()

/**
 * Runs code that is not the author's. The calls of this code to a page, now and later, are neither
 * recorded nor paused.
 */
export function runInternal<T>(act: () => T): T {
  return inner.run(true, act)
}

/** True if the running code was called by a call of the page, or by the worker itself. */
export function isInternalCall(): boolean {
  return inner.getStore() === true
}
