import type { Describe, KnownWorkflows } from '../../control/workflow-catalogue.ts'

/** Starts to describe the workflows before the scheduler exists that needs the descriptions. */
export class WorkflowPrefetch {
  private readonly reload: Describe
  private readonly ending = new AbortController()
  private ahead: Promise<KnownWorkflows> | undefined
  private early: KnownWorkflows | undefined
  private onDescribed = (known: KnownWorkflows) => {
    this.early = known
  }

  constructor(describe: Describe) {
    this.reload = describe
  }

  /**
   * Begins to read the workflows. A failure is reported only to the caller that takes the result.
   */
  begin(): void {
    this.ahead = this.reload(known => this.onDescribed(known), this.ending.signal)
    this.ahead.catch(() => undefined)
  }

  /**
   * Returns the reading that has begun to the first caller. Every other call begins a new reading.
   */
  readonly describe: Describe = (onKnown, signal) => {
    const { ahead, early } = this
    if (ahead === undefined) return this.reload(onKnown, signal)
    this.ahead = undefined
    this.onDescribed = onKnown
    if (early !== undefined) onKnown(early)
    if (signal.aborted) this.ending.abort()
    else signal.addEventListener('abort', () => this.ending.abort(), { once: true })
    return ahead
  }

  /** Aborts the reading that has begun, if no caller has taken it. */
  abandon(): void {
    if (this.ahead !== undefined) this.ending.abort()
  }
}
