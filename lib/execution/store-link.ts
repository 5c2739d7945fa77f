import type { Clock } from '../core/time/clock.ts'
import type { ResultComparator } from '../authoring/workflow-runtime.ts'
import type { MemberRef } from '../model/worker/documents.ts'
import type { Coordination } from './coordination/coordination.ts'
import { storeCoordination } from './coordination/store-backed.ts'
import type { WorkerStore } from './coordination/store-port.ts'
import { runOutsidePhases } from './phases/phase-scope.ts'
import { connectToStore } from './wiring.ts'

/**
 * A worker's connection to the store's owner, opened for its first job and reused for the next
 * ones.
 */
export class StoreLink {
  private readonly root: string
  private readonly onLost: () => void
  private waits = true
  private connection: Promise<WorkerStore> | undefined

  /** `onLost` is called when the owner has ended. */
  constructor(root: string, onLost: () => void) {
    this.root = root
    this.onLost = onLost
  }

  /**
   * Returns the coordination of this member with the others of its job. Does not wait for the
   * connection.
   */
  coordination(member: MemberRef, judge: ResultComparator, clock: Clock): Coordination {
    return deferredCoordination(this.store().then(store => storeCoordination(store, member, judge, clock)))
  }

  /** Returns the connection. Rejects as `connectToStore` does. */
  store(): Promise<WorkerStore> {
    // The connection notifies the later jobs, too.
    this.connection ??= runOutsidePhases(() => this.connect())
    return this.connection
  }

  /** Ends the retries of requests on a full disk, because the worker has to stop. */
  stopWaiting(): void {
    this.waits = false
  }

  private async connect(): Promise<WorkerStore> {
    try {
      const store = await connectToStore(this.root, () => this.waits)
      store.onLost(this.onLost)
      return store
    } catch (error) {
      // The next job tries again.
      this.connection = undefined
      throw error
    }
  }
}

/**
 * Returns a coordination over a connection that may still be opening. Phases begin before the
 * connection is open, and their requests wait for it. If the connection fails, the requests reject.
 */
function deferredCoordination(connecting: Promise<Coordination>): Coordination {
  // A worker that sends no requests must not fail because of the connection.
  connecting.catch(() => undefined)
  return {
    once: async (key, fn, limits) => (await connecting).once(key, fn, limits),
    offer: async result => (await connecting).offer(result),
  }
}
