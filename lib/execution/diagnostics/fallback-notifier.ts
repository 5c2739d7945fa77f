import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf, systemCode } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { Redact } from '../../core/text/redact.ts'
import type { FallbackNotifierSettings } from '../../model/worker/worker-secrets.ts'
import { isRefusedByOperator } from '../../model/notify/alarm.ts'
import { rootCauseOf } from '../../model/failure/root-cause.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import type { FromWorker } from '../../model/worker/worker-ipc.ts'
import type { Delivery } from '../../model/notify/outbox-message.ts'
import { markBeside, markCrash } from '../../files/notified-marker.ts'
import { readPicture } from '../../files/read-artefact.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { WrittenCrash } from './crash-recorder.ts'

/**
 * Longest wait for Control's acknowledgement, which takes a few milliseconds if Control can run at
 * all.
 */
const ACKNOWLEDGED_WITHIN_MS = 300

/**
 * Maximum number of waits for the acknowledgement of a Control that lives and is not stopped. Such
 * a Control is busy, as on a machine where many workers fail together. It gets more time, because
 * the work that this delays needs Control in any case.
 */
const MOST_WAITS = 10

/** Time limit of the worker's own notification, after which a failed worker releases its slot. */
const DEADLINE_MS = 3_000

/**
 * Time for which a worker's claim to send the notification of a cause is valid. Siblings fail
 * within seconds of each other, and one notification of their cause suffices.
 */
const CAUSE_CLAIMED_MS = 60_000

const PRIVATE_FILE = 0o600
const CHANNEL = 'telegram'

export interface FallbackNotifierOptions {
  readonly settings: FallbackNotifierSettings
  readonly paths: ProjectPaths
  readonly member: MemberRef
  readonly redact: Redact
  readonly clock: Clock
  readonly log: WorkerLog
  readonly send: (message: FromWorker) => void
  /** True if Control can run: it lives, and is not stopped. */
  readonly controlRuns: () => boolean
}

/**
 * Ensures that people are notified of a worker's crash. The worker asks Control to notify them as
 * soon as the report is on disk. If Control does not acknowledge in time, the worker sends the
 * notification itself. A marker next to the report then records the progress, so that a process
 * that reads the report later does not send the notification again.
 */
export class FallbackNotifier {
  private readonly options: FallbackNotifierOptions
  private readonly answered = Promise.withResolvers<boolean>()
  private asked = false

  constructor(options: FallbackNotifierOptions) {
    this.options = options
  }

  /** Requests a notification from Control, once the report is on disk. */
  request(): void {
    const { member, send } = this.options
    this.asked = true
    const { jobId, attempt } = member
    send({ type: 'crashed', job: { jobId, attempt } })
    this.wait(MOST_WAITS)
  }

  onAcknowledged(): void {
    this.answered.resolve(true)
  }

  /**
   * Resolves when another process sends the notification, or when the worker has sent its own or
   * failed to. Never rejects.
   */
  async delivered(written: WrittenCrash): Promise<void> {
    if (!this.asked || (await this.answered.promise)) return
    const { log } = this.options
    if (isRefusedByOperator(written.crash.error)) return
    try {
      if (!this.claimCause(written)) log.info('another worker sends the notification of the same cause')
      else await this.notify(written)
    } catch (error) {
      log.warn(`the notification of the crash failed and is left to the scheduler: ${messageOf(error)}`)
    }
  }

  private wait(waits: number): void {
    const { clock, controlRuns } = this.options
    const forget = clock.after(ACKNOWLEDGED_WITHIN_MS, () => {
      if (waits > 1 && controlRuns()) this.wait(waits - 1)
      else this.answered.resolve(false)
    })
    void this.answered.promise.then(forget)
  }

  private async notify({ path, crash }: WrittenCrash): Promise<void> {
    const { settings, paths, redact, clock, log } = this.options
    const { sendDirect } = await import('../../notify/send-direct.ts')
    markCrash(path, 'sending', CHANNEL, clock.now())
    const delivery = await sendDirect(crash, {
      ...{ settings, redact, clock, deadlineMs: DEADLINE_MS },
      pictureAt: picture => readPicture(paths.root, picture),
    })
    if (delivery.status === 'delivered') markCrash(path, 'sent', CHANNEL, clock.now())
    // If the message may have arrived, the marker stays at `sending`, which states exactly that.
    else if (!mayHaveArrived(delivery)) rmSync(markBeside(path), { force: true })
    const end =
      delivery.status === 'delivered' ? 'notified by the worker itself' : `not notified: ${delivery.why}`
    log.info(`the scheduler did not respond; the crash is ${end}`)
  }

  /**
   * Claims the cause of the crash; returns false if another worker has claimed it. Of the workers
   * that fail with the same cause, only one sends the notification itself. The scheduler reports
   * the other failures when it is back.
   */
  private claimCause({ crash }: WrittenCrash): boolean {
    const { paths, clock } = this.options
    const claim = join(paths.crashes, `.cause_${rootCauseOf(crash).key}.telling`)
    for (;;) {
      try {
        closeSync(openSync(claim, 'wx', PRIVATE_FILE))
        return true
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error
        const claimedAt = statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? 0
        // A claim with a time in the future was made before the clock was set back.
        if (Math.abs(clock.now() - claimedAt) < CAUSE_CLAIMED_MS) return false
        rmSync(claim, { force: true })
      }
    }
  }
}

function mayHaveArrived(delivery: Delivery): boolean {
  return delivery.status === 'later' && (delivery.uncertain || delivery.partsDone > 0)
}
