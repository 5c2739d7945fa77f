import type { OpenBrowser, WorkerBrowser } from '../launch/open-browser.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'

/** A browser for one job: opening or open, lost or not. Only its manager closes it. */
export type JobBrowser = Pick<WorkerBrowser, 'opened' | 'livePage' | 'profile' | 'lost' | 'blame'>

/** Reason for which a browser or page was discarded instead of reused. */
export interface Warning {
  readonly text: string
  /** True if it is unexpected. */
  readonly severe: boolean
}

/** A browser that belongs to a job until its release. */
export interface Lease {
  readonly browser: JobBrowser
  /** Files of the Chrome. */
  readonly files: ChromeFiles
  /**
   * Removes all traces of the job before the next one. `leftover` is the reason for which the job's
   * page must not be reused, if there is one. Never rejects; returns a warning if a part was
   * discarded.
   */
  release(leftover: string | undefined): Promise<Warning | undefined>
}

/** A part of a Chrome that one job uses alone, while the Chrome stays. */
export interface BrowserScope {
  readonly opened: Promise<OpenBrowser>
  /** Aborts when its page has died. */
  readonly lost: AbortSignal
  /** Begins a job. */
  begin(): void
  /**
   * Prepares a part for the next job: a new one if there is a `leftover`. Rejects if the browser
   * fails to.
   */
  recycle(leftover: string | undefined): Promise<Recycled>
}

export interface Recycled {
  readonly next: BrowserScope
  /** Reason for which the page was replaced, if it could have been reused. */
  readonly replaced?: string
}
