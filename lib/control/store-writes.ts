import type { Clock } from '../core/time/clock.ts'
import { isAutomateError, messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { SingleNotification } from '../model/notify/notification.ts'
import type { Channel } from '../notify/channel.ts'
import type { Store } from '../store/store.ts'
import { isWriteRefused } from '../store/write-refused.ts'
import { DirectNotice } from './leader/notifier/direct-notice.ts'

/**
 * Interval of the checks while writes succeed. An idle scheduler writes nothing else to its
 * database, and a check costs one sync of the disk.
 */
const CHECK_EVERY_MS = 30_000

/**
 * Interval of the checks while writes are refused. It is short, so that jobs start again soon after
 * the disk recovers.
 */
const CHECK_AGAIN_MS = 2_000

export interface StoreWritesDependencies {
  readonly store: Pick<Store, 'call'>
  readonly paths: Pick<ProjectPaths, 'root'>
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  /**
   * Returns the channels to send a notice to directly, without the queue in the store. Returns none
   * if no notice may be sent now, or if another notice has already reported the problem.
   */
  readonly channels: () => readonly Channel[]
  /** Queues a notice. */
  readonly notify: (notice: SingleNotification) => void
  /** Called when writes begin to be refused, and when they succeed again. */
  readonly onChange: () => void
}

/**
 * Checks whether the disk of the database can be written, by a small write. Reads do not show it,
 * because SQLite serves them from its cache. Without this check, a scheduler on a disk that turned
 * read-only would look healthy until the next job.
 */
export class StoreWrites {
  private readonly deps: StoreWritesDependencies
  private refusal: string | undefined
  private notice: DirectNotice | undefined
  private notified = false
  private checking: Promise<void> | undefined
  private checkedAt: number

  constructor(deps: StoreWritesDependencies) {
    this.deps = deps
    this.checkedAt = deps.clock.monotonic()
  }

  /** Reason why the database cannot be written, with the remedy; undefined while it can. */
  get trouble(): string | undefined {
    return this.refusal
  }

  /**
   * Begins a check if one is due. Checks are due more often if `isSuspected` is true or the last
   * write was refused.
   */
  checkIfDue(isSuspected: boolean): void {
    const sinceMs = this.deps.clock.monotonic() - this.checkedAt
    const isAgain = isSuspected || this.refusal !== undefined
    if (sinceMs >= (isAgain ? CHECK_AGAIN_MS : CHECK_EVERY_MS)) void this.check()
  }

  /**
   * Makes a write, and resolves once `trouble` reflects its result. Never rejects. A call during a
   * check returns the promise of that check.
   */
  check(): Promise<void> {
    this.checking ??= this.write().finally(() => {
      this.checking = undefined
      this.checkedAt = this.deps.clock.monotonic()
    })
    return this.checking
  }

  private async write(): Promise<void> {
    try {
      await this.deps.store.call('store.probe', {})
      this.succeed()
    } catch (error) {
      // Any other error means that the store is closed or damaged. That ends the scheduler, which
      // reports the reason.
      if (isWriteRefused(error)) this.fail(error)
    }
  }

  private fail(error: unknown): void {
    const { paths, log, clock, random, channels, onChange } = this.deps
    const isFirst = this.refusal === undefined
    const reason = refusedWrites(error, paths.root)
    this.refusal = reason
    if (isFirst) {
      log.error(reason)
      onChange()
    }
    const receivers = channels()
    if (receivers.length === 0) return
    this.notice ??= new DirectNotice({ kind: 'writes-refused', reason }, { clock, log, random })
    this.notified = true
    void this.notice.send(receivers)
  }

  private succeed(): void {
    if (this.refusal === undefined) return
    const { log, notify, onChange } = this.deps
    this.refusal = undefined
    this.notice = undefined
    log.warn('The database accepts writes again, so jobs start again.')
    if (this.notified) notify({ kind: 'writes-resumed' })
    this.notified = false
    onChange()
  }
}

/** Returns the message about a database that refused a write with `error`, including the remedy. */
export function refusedWrites(error: unknown, root: string): string {
  const cause = isAutomateError(error) ? error.facts['sqlite'] : undefined
  return (
    `The database cannot be written (${typeof cause === 'string' ? cause : messageOf(error)}). Until it can be written, no job starts and no schedule queues a job. ` +
    `Check that the disk of ${root} works, has free space, is not mounted read-only, and that no quota is used up. The scheduler retries automatically.`
  )
}
