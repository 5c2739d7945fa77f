import { AutomateError } from '../core/errors.ts'
import type { StopReason } from '../domain/outcome.ts'

/** Whether the worker has been asked to stop, and why. The first reason stays. */
export class StopRequest {
  private readonly controller = new AbortController()
  private why: StopReason | undefined

  get signal(): AbortSignal {
    return this.controller.signal
  }

  get reason(): StopReason | undefined {
    return this.why
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
