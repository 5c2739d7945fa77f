import { AutomateError, errorCode, messageOf } from '../core/errors/errors.ts'
import { sanitiseLine } from '../core/text/sanitise.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import type { StopReason } from '../model/job/outcome.ts'
import { isClosedTarget } from './diagnostics/classify-error.ts'

/** Whether the worker has been asked to stop, and why. The first reason stays. */
export class StopRequest {
  private readonly controller = new AbortController()
  private why: StopReason | undefined
  private late: string | undefined

  get signal(): AbortSignal {
    return this.controller.signal
  }

  get reason(): StopReason | undefined {
    return this.why
  }

  /** What failed after the stop, in the clean-up. */
  get lateFailure(): string | undefined {
    return this.late
  }

  /** Hears what the work threw after it was asked to stop. The first counts; that it was stopped is no failure. */
  readonly hearLate = (thrown: unknown): void => {
    if (this.why === undefined || this.late !== undefined || isTheStopItself(thrown)) return
    this.late = sanitiseLine(knownSecrets.redact(messageOf(thrown)))
  }

  request(reason: StopReason): void {
    if (this.why !== undefined) return
    this.why = reason
    this.controller.abort(this.error())
  }

  /** What phases see as the reason of their aborted signal. */
  error(): AutomateError {
    return new AutomateError('cancelled', `The worker was asked to stop: ${this.why ?? 'unknown'}.`, {
      facts: { reason: this.why ?? null },
    })
  }
}

/** An aborted call says so in its own way, and one whose page was closed under it that this is gone. */
function isTheStopItself(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  return thrown.name === 'AbortError' || errorCode(thrown) === 'cancelled' || isClosedTarget(thrown)
}
