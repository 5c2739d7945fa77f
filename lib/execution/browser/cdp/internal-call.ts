import { AsyncLocalStorage } from 'node:async_hooks'

const inner = new AsyncLocalStorage<true>()

/**
 * Runs code that is not the author's. Calls to a page that this code makes, also asynchronously,
 * are neither recorded nor paused.
 */
export function runInternal<T>(act: () => T): T {
  return inner.run(true, act)
}

/**
 * True if the running code was called by puppeteer within a call to the page, or by the worker
 * itself, and so not by the author.
 */
export function isInternalCall(): boolean {
  return inner.getStore() === true
}
