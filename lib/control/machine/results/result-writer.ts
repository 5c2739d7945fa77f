import type { WorkerResult } from './collect-result.ts'
import { storeResult } from './store-result.ts'
import type { StoreResultDependencies } from './store-result.ts'
import type { AttemptMember } from '../workers/attempt.ts'

export interface EndedMember {
  readonly member: AttemptMember
  readonly result: WorkerResult
}

/** Stores the results of members that have ended, and holds each until it is stored. */
export class ResultWriter {
  private readonly deps: StoreResultDependencies
  private readonly andThen: (ended: EndedMember) => Promise<void>
  private readonly onStored: () => void
  private received: EndedMember[] = []
  private takenIn: EndedMember[] = []
  private readonly storing = new Set<Promise<void>>()
  private closing = false

  /**
   * `andThen` is called after each result has been stored, and must not reject. `onStored` is
   * called after that.
   */
  constructor(
    deps: StoreResultDependencies,
    andThen: (ended: EndedMember) => Promise<void>,
    onStored: () => void,
  ) {
    this.deps = deps
    this.andThen = andThen
    this.onStored = onStored
  }

  /** True if all results are in the store. */
  get stored(): boolean {
    return this.storing.size === 0 && this.received.length === 0 && this.takenIn.length === 0
  }

  /**
   * Adds a member that has ended. Its outcome only applies from the next `takeIn`. The scheduler
   * reads the store after that, so what it reads is not older than the outcome.
   */
  add(member: AttemptMember, result: WorkerResult): void {
    this.received.push({ member, result })
  }

  takeIn(): void {
    for (const { member, result } of this.received) member.outcome = result.outcome
    this.takenIn.push(...this.received)
    this.received = []
  }

  /**
   * Stores the results that were taken in. Calls to the store in the same turn of the event loop,
   * such as the end of the job, are committed together with them.
   */
  store(): void {
    for (const ended of this.takenIn.splice(0)) {
      const stored = storeResult(this.deps, ended.member, ended.result, () => !this.closing)
        .then(() => this.andThen(ended))
        .then(() => {
          this.storing.delete(stored)
          this.onStored()
        })
      this.storing.add(stored)
    }
  }

  /**
   * Stores all results, and resolves when they are stored. If the disk refuses writes, resolves
   * without that, and the next scheduler stores the results.
   */
  async close(): Promise<void> {
    this.closing = true
    this.takeIn()
    this.store()
    await Promise.all(this.storing)
  }
}
