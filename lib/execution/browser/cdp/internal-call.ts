import { AsyncLocalStorage } from 'node:async_hooks'

const inner = new AsyncLocalStorage<true>()

/** Does what is not the author's: what it calls of a page, then and later, is neither noted nor held back by a pause. */
export function runInternal<T>(act: () => T): T {
  return inner.run(true, act)
}

/** Whether the running code was called by a call of the page, or by the worker itself. */
export function isInternalCall(): boolean {
  return inner.getStore() === true
}
