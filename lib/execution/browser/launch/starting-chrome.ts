import type { ChromeProcess } from './chrome-process.ts'

export interface StartedChrome {
  readonly chrome: ChromeProcess
  /**
   * Address for DevTools and other programs: `http://127.0.0.1:<port>`, proven to be this very
   * Chrome. Null without a port.
   */
  readonly devtools: string | null
}

/** A starting Chrome. */
export interface StartingChrome {
  /**
   * Resolves once Chrome is spawned and its port, if it has one, is verified. Rejects with code
   * `browser-launch` if Chrome does not start, and soon after `kill`. The rejection never counts as
   * unhandled; a caller that awaits the promise receives the error.
   */
  readonly started: Promise<StartedChrome>
  /**
   * Kills Chrome and its process tree at once, and starts no other Chrome. Synchronous, because a
   * dying worker calls it.
   */
  kill(): void
}
