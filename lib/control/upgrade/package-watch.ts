import { PROGRAM } from '../../core/program.ts'
import type { Log } from '../../core/log.ts'
import type { SchedulerDocument } from '../../domain/documents.ts'
import type { InstalledProgram } from '../../platform/package/installed-package.ts'

/** The package on the disk: see `InstalledPackage`. */
export interface WatchedPackage {
  readonly isOwn: boolean
  readonly replacement: InstalledProgram | null
}

/**
 * Watches the package that workers are forked from. While it is not the one of this process, nothing is claimed: workers of another version could not work with this
 * scheduler, and those of a package that is half there could not start.
 */
export class PackageWatch {
  private readonly installed: WatchedPackage
  private readonly log: Log
  private reported: string | undefined

  constructor(installed: WatchedPackage, log: Log) {
    this.installed = installed
    this.log = log
  }

  readonly isOwn = (): boolean => this.installed.isOwn

  /** The version that was installed instead, once its package is whole. */
  get replacement(): InstalledProgram | null {
    return this.installed.replacement
  }

  /** Fields of the scheduler's document. */
  get document(): Pick<SchedulerDocument, 'replaced'> {
    return this.isOwn() ? {} : { replaced: { version: this.replacement?.version ?? null } }
  }

  /** Logs a change of the package; returns whether there was one. */
  look(running: number): boolean {
    const state = this.isOwn() ? undefined : (this.replacement?.build ?? '')
    if (state === this.reported) return false
    const jobs = running === 1 ? '1 running job' : `${running} running jobs`
    if (state === undefined)
      this.log.warn(`automate-tui ${PROGRAM.version} is installed again: jobs start as before.`)
    else if (state === '')
      this.log.warn('The package of automate-tui is being replaced: no job starts until it is whole again.')
    else
      this.log.warn(
        `automate-tui ${this.replacement?.version ?? ''} was installed in place of ${PROGRAM.version}, which still runs. No job starts until the scheduler has restarted, when ${jobs} of it have ended.`,
      )
    this.reported = state
    return true
  }
}
