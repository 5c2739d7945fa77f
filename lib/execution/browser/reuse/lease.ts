import type { OpenBrowser, WorkerBrowser } from '../launch/open-browser.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'

/** A browser as one job sees it: opening or open, lost or not. The end is its keeper's. */
export type JobBrowser = Pick<WorkerBrowser, 'opened' | 'livePage' | 'profile' | 'lost' | 'blame'>

/** What is to be said of something that was taken away instead of being kept. */
export interface Warning {
  readonly text: string
  /** It should not have happened. */
  readonly severe: boolean
}

/** A browser that is a job's until it is given back. */
export interface Lease {
  readonly browser: JobBrowser
  /** Where its Chrome writes. */
  readonly files: ChromeFiles
  /** Takes everything of the job out of the way of the next one. `clean`: the job left it in good order. Never rejects; tells what could not be kept. */
  release(clean: boolean): Promise<Warning | undefined>
}

/** A part of a Chrome that one job has for itself, while the Chrome stays. */
export interface BrowserScope {
  readonly opened: Promise<OpenBrowser>
  /** Aborts when its page has died. */
  readonly lost: AbortSignal
  /** A job begins to use it. */
  begin(): void
  /** Makes quarters for the next job, of these or new ones. Rejects when the browser does not do it. */
  recycle(clean: boolean): Promise<Recycled>
}

export interface Recycled {
  readonly next: BrowserScope
  /** Why the page is not the same, where it might have been. */
  readonly replaced?: string
}
