import type { Clock } from '../../core/time/clock.ts'
import type { FolderUse } from '../../core/disk/folder-use.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { sizeText } from '../../core/text/size.ts'
import type { JobLimits } from '../../model/job/job-limits.ts'

/**
 * Interval of memory measurements. A page can allocate up to about a gigabyte a second. A
 * measurement takes a few milliseconds.
 */
const MEMORY_EVERY_MS = 1_000

/**
 * Interval of profile measurements. Measuring a folder takes longer than measuring processes: about
 * ten milliseconds, or much longer if a page has created many files.
 */
const PROFILE_EVERY_MS = 3_000

/**
 * Maximum number of files, folders and links in a profile. A Chrome that visits many sites has
 * about ten thousand, but pages can create a thousand empty files a second. Each file takes an
 * inode, which no limit in bytes counts, and time to be removed.
 */
export const MOST_PROFILE_ENTRIES = 100_000

export interface ResourceWatchOptions {
  readonly clock: Clock
  readonly limits: JobLimits
  /**
   * Returns the memory of the worker and its browser in bytes; undefined if the system does not
   * report it.
   */
  readonly memory: () => Promise<number | undefined>
  /**
   * Returns the size of the browser's profile and crash dumps on disk; undefined without a browser.
   * The count stops when a limit in `most` is exceeded.
   */
  readonly profile: (most: FolderUse, over: AbortSignal) => Promise<FolderUse | undefined>
  /** Receives the failure of a job that has exceeded a limit. */
  readonly onExceeded: (error: AutomateError) => void
}

/** Measures once; returns the failure if a limit is exceeded. */
type Measure = (over: AbortSignal) => Promise<AutomateError | undefined>

/**
 * Watches the memory and the disk space of a running job. Each resource has its own timer, because
 * a page can make the walk through its profile arbitrarily slow, which must not delay the
 * measurement of its memory. A timer is set again only after its last measurement has ended.
 */
export class ResourceWatch {
  private readonly options: ResourceWatchOptions
  /** Ends the current measurements, so that their results do not count. */
  private over = new AbortController()

  constructor(options: ResourceWatchOptions) {
    this.options = options
  }

  /** Begins the watch over a job. */
  begin(): void {
    this.end()
    this.over = new AbortController()
    this.next(MEMORY_EVERY_MS, () => this.measureMemory(), this.over)
    this.next(PROFILE_EVERY_MS, over => this.measureProfile(over), this.over)
  }

  /** Ends the watch. */
  end(): void {
    this.over.abort()
  }

  private next(everyMs: number, measure: Measure, over: AbortController): void {
    const { signal } = over
    const stop = () => forget()
    const forget = this.options.clock.after(everyMs, () => {
      signal.removeEventListener('abort', stop)
      void this.measure(everyMs, measure, over)
    })
    signal.addEventListener('abort', stop, { once: true })
  }

  private async measure(everyMs: number, measure: Measure, over: AbortController): Promise<void> {
    const exceeded = await measure(over.signal)
    if (over.signal.aborted) return
    if (exceeded === undefined) {
      this.next(everyMs, measure, over)
      return
    }
    over.abort()
    this.options.onExceeded(exceeded)
  }

  private async measureMemory(): Promise<AutomateError | undefined> {
    const { limits, memory } = this.options
    const bytes = (await memory()) ?? 0
    return bytes > limits.memoryBytes ? memoryExceeded(bytes, limits.memoryBytes) : undefined
  }

  private async measureProfile(over: AbortSignal): Promise<AutomateError | undefined> {
    const { limits, profile } = this.options
    const most = { bytes: limits.profileBytes, entries: MOST_PROFILE_ENTRIES }
    const use = (await profile(most, over)) ?? { bytes: 0, entries: 0 }
    if (use.bytes > most.bytes) return profileExceeded(use.bytes, most.bytes)
    return use.entries > most.entries ? tooManyFiles(use, most) : undefined
  }
}

function memoryExceeded(bytes: number, limitBytes: number): AutomateError {
  return new AutomateError(
    'resource-limit',
    `The job exceeded its memory limit: its worker and its browser used ${sizeText(bytes)}, but at most ${sizeText(limitBytes)} is allowed (maxMemory). ` +
      'The browser was ended. If the pages need this much memory, raise maxMemory in automate.config.ts. Otherwise visit fewer pages in one job.',
    { facts: { resource: 'memory', bytes, limitBytes } },
  )
}

/**
 * Returns the failure of a profile. The walk stops at the limit, so the size is only a lower bound.
 */
function profileExceeded(bytes: number, limitBytes: number): AutomateError {
  return new AutomateError(
    'resource-limit',
    `The job exceeded its disk limit: the profile and the crash dumps of its browser used ${sizeText(bytes)} or more, but at most ${sizeText(limitBytes)} is allowed (maxProfile). ` +
      'The browser was ended. If the pages need to store this much, raise maxProfile in automate.config.ts.',
    { facts: { resource: 'profile', bytes, limitBytes } },
  )
}

function tooManyFiles(use: FolderUse, most: FolderUse): AutomateError {
  return new AutomateError(
    'resource-limit',
    `The job exceeded its disk limit: the profile of its browser had more than ${most.entries} files and folders, the allowed maximum. ` +
      'The browser was ended. No page needs that many files. Check what its pages store, or visit fewer sites in one job.',
    {
      facts: {
        ...{ resource: 'profile', bytes: use.bytes, limitBytes: most.bytes },
        ...{ files: use.entries, limitFiles: most.entries },
      },
    },
  )
}
