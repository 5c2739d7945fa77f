import type { Describe, KnownWorkflows } from '../../control/workflow-catalogue.ts'

/** Describes the workflows before the scheduler that will ask for them is there. */
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

  /** Begins a reading. Until it is asked for, it is told to nobody that it fails. */
  begin(): void {
    this.ahead = this.reload(known => this.onDescribed(known), this.ending.signal)
    this.ahead.catch(() => undefined)
  }

  /** Gives the reading that has begun to whoever asks first; every other one is new. */
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

  /** Ends the reading that has begun and that nobody has asked for. */
  abandon(): void {
    if (this.ahead !== undefined) this.ending.abort()
  }
}
