import type { ChromeProcess } from './chrome-process.ts'

export interface StartedChrome {
  readonly chrome: ChromeProcess
  /** Where DevTools and other programs reach it: `http://127.0.0.1:<port>`, proven to be this very Chrome. Null without a port. */
  readonly devtools: string | null
}

/** A Chrome on its way up. */
export interface StartingChrome {
  /** Rejects with code `browser-launch`, and soon after `kill`. Handled already: who waits for it hears of it. */
  readonly started: Promise<StartedChrome>
  /** Kills Chrome and its tree at once, and starts no other. Synchronous: a dying worker calls it. */
  kill(): void
}
