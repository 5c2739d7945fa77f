import type { OpenBrowser, WorkerBrowser } from './open-browser.ts'
import type { ChromeFiles } from './chrome-files.ts'

/** A browser as one job sees it: opening or open, lost or not. The end is its keeper's. */
export type JobBrowser = Pick<WorkerBrowser, 'opened' | 'livePage' | 'profile' | 'lost'>

/** A browser that is a job's until it is given back. */
export interface Lease {
  readonly browser: JobBrowser
  /** Where its Chrome writes. */
  readonly files: ChromeFiles
  /** Takes everything of the job out of the way of the next one. `clean`: the job left it in good order. Never rejects; tells what was in the way. */
  giveBack(clean: boolean): Promise<string | undefined>
}

/** A part of a Chrome that one job has for itself, while the Chrome stays. */
export interface Quarters {
  readonly opened: Promise<OpenBrowser>
  /** Aborts when its page has died. */
  readonly lost: AbortSignal
}
