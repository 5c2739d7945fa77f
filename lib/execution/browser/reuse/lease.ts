import type { OpenBrowser, WorkerBrowser } from '../launch/open-browser.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'

/**
 * The browser of one job. It may still be opening, or be lost already. Only its manager closes it.
 */
export type JobBrowser = Pick<WorkerBrowser, 'opened' | 'livePage' | 'profile' | 'lost' | 'blame'>

/** Reason why a browser or page was discarded instead of reused. */
export interface Warning {
  readonly text: string
  /** True if the reason is unexpected. */
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
  /** Aborts when the page of this part has crashed. */
  readonly lost: AbortSignal
  /** Begins a job. */
  begin(): void
  /**
   * Prepares a part for the next job: this part, wiped, or a new one if there is a `leftover`.
   * Rejects if the browser fails to do so.
   */
  recycle(leftover: string | undefined): Promise<Recycled>
}

export interface Recycled {
  readonly next: BrowserScope
  /**
   * Reason why the page was replaced although it could have been reused; absent if there is none.
   */
  readonly replaced?: string
}
