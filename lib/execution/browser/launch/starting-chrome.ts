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
   * Rejects with code `browser-launch`, and soon after `kill`. Never an unhandled rejection; a
   * caller that awaits the promise receives the error.
   */
  readonly started: Promise<StartedChrome>
  /**
   * Kills Chrome and its tree at once, and starts no other. Synchronous, because a dying worker
   * calls it.
   */
  kill(): void
}
