import type { WorkerResult } from './collect-result.ts'
import { storeResult } from './store-result.ts'
import type { StoreResultDependencies } from './store-result.ts'
import type { AttemptMember } from '../workers/attempt.ts'

export interface EndedMember {
  readonly member: AttemptMember
  readonly result: WorkerResult
}

/** The members that have ended, until what was left of them is in the store. */
export class ResultWriter {
  private readonly deps: StoreResultDependencies
  private readonly andThen: (ended: EndedMember) => Promise<void>
  private readonly onStored: () => void
  private received: EndedMember[] = []
  private takenIn: EndedMember[] = []
  private readonly storing = new Set<Promise<void>>()
  private closing = false

  /** `andThen` is done with each that is in the store, and must not reject; then `onStored` is called. */
  constructor(
    deps: StoreResultDependencies,
    andThen: (ended: EndedMember) => Promise<void>,
    onStored: () => void,
  ) {
    this.deps = deps
    this.andThen = andThen
    this.onStored = onStored
  }

  /** Whether all of them are in the store. */
  get stored(): boolean {
    return this.storing.size === 0 && this.received.length === 0 && this.takenIn.length === 0
  }

  /** A member has ended. It counts from the next `takeIn` on, so that what was read of the store after that is not older. */
  add(member: AttemptMember, result: WorkerResult): void {
    this.received.push({ member, result })
  }

  takeIn(): void {
    for (const { member, result } of this.received) member.outcome = result.outcome
    this.takenIn.push(...this.received)
    this.received = []
  }

  /** Stores what was taken in. What is asked of the store in the same turn of the loop, such as the end of the job, is committed with it. */
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

  /** Stores all, and resolves when that is done; where the disk takes nothing, the next scheduler does it. */
  async close(): Promise<void> {
    this.closing = true
    this.takeIn()
    this.store()
    await Promise.all(this.storing)
  }
}
