import type { Clock } from '../../core/time/clock.ts'
import { PROGRAM } from '../../core/process/program.ts'
import type { Log } from '../../core/log.ts'
import type { SchedulerDocument } from '../../model/worker/documents.ts'
import type { InstalledProgram } from '../../platform/package/installed-package.ts'

/**
 * A package manager writes a package within minutes, also on a slow disk. A package that is missing
 * for longer was removed.
 */
const REMOVED_AFTER_MS = 10 * 60_000

/** The package on the disk: see `InstalledPackage`. */
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
  /** Receives the folder of a package that was removed, once. */
  readonly onRemoved: (folder: string) => void
}

/**
 * Watches the package that workers are forked from. Nothing is claimed while the package is not
 * that of this process, because workers of another version could not work with this scheduler, and
 * workers of an incomplete package could not start.
 */
export class PackageWatch {
  private readonly deps: PackageWatchDependencies
  private readonly installed: WatchedPackage
  private readonly log: Log
  private reported: string | undefined
  /** Time of the monotonic clock since which no complete package exists. */
  private missingSince: number | null = null
  private removed = false

  constructor(deps: PackageWatchDependencies) {
    this.deps = deps
    this.installed = deps.installed
    this.log = deps.log
  }

  readonly isOwn = (): boolean => this.installed.isOwn

  /** Version that was installed instead, once its package is complete. */
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

  /** Fields of the scheduler's document. */
  get document(): Pick<SchedulerDocument, 'replaced'> {
    return this.isOwn() ? {} : { replaced: { version: this.replacement?.version ?? null } }
  }

  /** Logs a change of the package. Returns true if there was one. */
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
