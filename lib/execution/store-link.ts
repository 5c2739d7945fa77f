import type { Clock } from '../core/time/clock.ts'
import type { ResultComparator } from '../authoring/workflow-runtime.ts'
import type { MemberRef } from '../model/worker/documents.ts'
import type { Coordination } from './coordination/coordination.ts'
import { storeCoordination } from './coordination/store-backed.ts'
import type { WorkerStore } from './coordination/store-port.ts'
import { connectToStore } from './wiring.ts'

/** A worker's connection to the store's owner: made for its first job, kept for the next ones. */
export class StoreLink {
  private readonly root: string
  private readonly onLost: () => void
  private waits = true
  private connection: Promise<WorkerStore> | undefined

  /** `onLost` is called when the owner has gone. */
  constructor(root: string, onLost: () => void) {
    this.root = root
    this.onLost = onLost
  }

  /** How this member meets the others of its job. Does not wait for the connection. */
  coordination(member: MemberRef, judge: ResultComparator, clock: Clock): Coordination {
    return deferredCoordination(this.store().then(store => storeCoordination(store, member, judge, clock)))
  }

  /** Rejects as `connectToStore` does. */
  store(): Promise<WorkerStore> {
    this.connection ??= this.connect()
    return this.connection
  }

  /** From now on a request that the disk does not take is not asked again: the worker has to stop. */
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

/** Coordination through a connection that is still being made: phases begin without it, and what they ask of it waits. Its failure is the failure of what was asked. */
function deferredCoordination(connecting: Promise<Coordination>): Coordination {
  // A worker that never asks does not care.
  connecting.catch(() => undefined)
  return {
    once: async (key, fn, limits) => (await connecting).once(key, fn, limits),
    offer: async result => (await connecting).offer(result),
  }
}
