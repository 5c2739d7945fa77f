import { AutomateError, errorCode, messageOf } from '../core/errors/errors.ts'
import { sanitiseLine } from '../core/text/sanitise.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import type { StopReason } from '../model/job/outcome.ts'
import { isClosedTarget } from './diagnostics/classify-error.ts'

/** Request to stop the worker, with its reason. Later requests do not change the reason. */
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

  /** Message of the first failure of the cleanup after the stop; undefined if there was none. */
  get lateFailure(): string | undefined {
    return this.late
  }

  /**
   * Records the first error that the work throws after the request to stop. An error that only
   * reports the stop itself does not count.
   */
  readonly hearLate = (thrown: unknown): void => {
    if (this.why === undefined || this.late !== undefined || isTheStopItself(thrown)) return
    this.late = sanitiseLine(knownSecrets.redact(messageOf(thrown)))
  }

  request(reason: StopReason): void {
    if (this.why !== undefined) return
    this.why = reason
    this.controller.abort(this.error())
  }

  /** Returns the error with which the signal is aborted, and with it the running phase. */
  error(): AutomateError {
    return new AutomateError('cancelled', `The worker was asked to stop: ${this.why ?? 'unknown'}.`, {
      facts: { reason: this.why ?? null },
    })
  }
}

/** True if the error only reports the stop: an aborted call, or a call whose page was closed. */
function isTheStopItself(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  return thrown.name === 'AbortError' || errorCode(thrown) === 'cancelled' || isClosedTarget(thrown)
}
