import { messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import type { SingleNotification } from '../model/notify/notification.ts'

export interface ProjectTrustOptions {
  /** Throws if another user can change the project's code. The error message states the remedy. */
  readonly requireTrust: () => void
  readonly log: Log
  readonly notify: (notice: SingleNotification) => void
  /** Called with false at the first failed check, and with true if a later check passes. */
  readonly onChange: (isTrusted: boolean) => void
}

/** Checks that only trusted users can change the project's code, which runs as this user. */
export interface TrustCheck {
  /** True if the last check passed. */
  readonly isTrusted: boolean
  /** Checks now. Returns false if no job may start. */
  check(): boolean
}

/**
 * Checks while the scheduler runs that no other user can change the project's code. No job starts
 * while another user can change the code.
 */
export class ProjectTrust implements TrustCheck {
  private readonly options: ProjectTrustOptions
  /** Message of the last check if it failed; empty if it passed. */
  private refusal = ''

  constructor(options: ProjectTrustOptions) {
    this.options = options
  }

  get isTrusted(): boolean {
    return this.refusal === ''
  }

  /** Reason why no job starts, with the remedy; undefined if the last check passed. */
  get trouble(): string | undefined {
    return this.isTrusted
      ? undefined
      : `No job starts, because another user can change the project. Running jobs continue. ${this.refusal} Jobs start again when no other user can change the project.`
  }

  check(): boolean {
    const before = this.refusal
    this.refusal = this.refusalNow()
    if (this.refusal !== before) this.report(before === '')
    return this.isTrusted
  }

  /**
   * Logs a change, and notifies people of it. If the check fails because of a different file than
   * before, only the new remedy is logged.
   */
  private report(wasTrusted: boolean): void {
    const { log, notify, onChange } = this.options
    const { trouble } = this
    if (trouble === undefined)
      log.warn('No other user can change the project any longer, so jobs start again.')
    else log.error(trouble)
    if (!wasTrusted && trouble !== undefined) return
    notify(
      trouble === undefined
        ? { kind: 'project-trusted' }
        : { kind: 'project-untrusted', reason: this.refusal },
    )
    onChange(trouble === undefined)
  }

  /**
   * Returns the reason for distrust, or an empty string if there is none. A check that cannot be
   * made, for example because a folder cannot be entered, also counts as distrust.
   */
  private refusalNow(): string {
    try {
      this.options.requireTrust()
      return ''
    } catch (error) {
      return messageOf(error)
    }
  }
}
