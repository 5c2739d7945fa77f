import type { Clock } from '../../core/time/clock.ts'
import { PROGRAM } from '../../core/process/program.ts'
import type { Log } from '../../core/log.ts'
import type { SchedulerDocument } from '../../model/worker/documents.ts'
import type { InstalledProgram } from '../../platform/package/installed-package.ts'

/**
 * Time after which a missing package counts as removed. A package manager writes a package within
 * minutes, even on a slow disk.
 */
const REMOVED_AFTER_MS = 10 * 60_000

/** The installed package on disk. See `InstalledPackage`. */
export interface WatchedPackage {
  readonly isOwn: boolean
  /** The folder of the package. */
  readonly folder: string
  readonly replacement: InstalledProgram | null
}

export interface PackageWatchDependencies {
  readonly installed: WatchedPackage
  readonly log: Log
  readonly clock: Clock
  /** Called once, with the folder of the package, if the package was removed. */
  readonly onRemoved: (folder: string) => void
}

/**
 * Watches the package that workers are forked from. No job is claimed while the package is not that
 * of this process. Workers of another version could not work with this scheduler, and workers of an
 * incomplete package could not start.
 */
export class PackageWatch {
  private readonly deps: PackageWatchDependencies
  private readonly installed: WatchedPackage
  private readonly log: Log
  private reported: string | undefined
  /**
   * Time of the monotonic clock since which no complete package has existed; null while one exists.
   */
  private missingSince: number | null = null
  private removed = false

  constructor(deps: PackageWatchDependencies) {
    this.deps = deps
    this.installed = deps.installed
    this.log = deps.log
  }

  readonly isOwn = (): boolean => this.installed.isOwn

  /**
   * Version that was installed instead; null if there is none or its package is not complete yet.
   */
  get replacement(): InstalledProgram | null {
    return this.installed.replacement
  }

  /** True if the package was removed without a replacement, so that no worker can be started. */
  get isRemoved(): boolean {
    return this.removed
  }

  /**
   * Reason why no job can start; undefined unless the package was removed. A replacement is no
   * trouble, because the scheduler restarts into it.
   */
  get trouble(): string | undefined {
    return this.removed && !this.isOwn() ? removedMessage(this.installed.folder) : undefined
  }

  /**
   * Part of the scheduler's document that reports the replacement of the package, if there was one.
   */
  get document(): Pick<SchedulerDocument, 'replaced'> {
    return this.isOwn() ? {} : { replaced: { version: this.replacement?.version ?? null } }
  }

  /**
   * Logs a change of the installed package, and returns true if there was one. `running` is the
   * number of running jobs.
   */
  check(running: number): boolean {
    const state = this.isOwn() ? undefined : (this.replacement?.build ?? '')
    this.checkRemoved(state === '')
    if (state === this.reported) return false
    if (state === undefined)
      this.log.warn(`automate-tui ${PROGRAM.version} is installed again, so jobs start again.`)
    else if (state === '')
      this.log.warn(
        'The package of automate-tui is being replaced, or was removed. No job starts until the package is complete again.',
      )
    else
      this.log.warn(
        `automate-tui ${this.replacement?.version ?? ''} was installed in place of ${PROGRAM.version}, which still runs. No job starts until the scheduler has restarted${waitWords(running)}.`,
      )
    this.reported = state
    return true
  }

  private checkRemoved(isMissing: boolean): void {
    const { clock, log, onRemoved } = this.deps
    if (!isMissing) {
      this.missingSince = null
      return
    }
    this.missingSince ??= clock.monotonic()
    if (this.removed || clock.monotonic() - this.missingSince < REMOVED_AFTER_MS) return
    this.removed = true
    const { folder } = this.installed
    log.error(removedMessage(folder))
    onRemoved(folder)
  }
}

function waitWords(running: number): string {
  if (running === 0) return ''
  return running === 1
    ? ', after the end of the 1 running job'
    : `, after the end of the ${running} running jobs`
}

function removedMessage(folder: string): string {
  return `The package of automate-tui ${PROGRAM.version} was removed from ${folder}, so no job can start. Install automate-tui again, then start the scheduler.`
}
