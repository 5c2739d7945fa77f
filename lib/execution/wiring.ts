import { systemClock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'
import { ProjectPaths } from '../core/process/paths.ts'
import { joinKillOnCloseJob } from '../platform/windows/job-object.ts'
import { dieWithParent } from '../platform/reaper/parent-death.ts'
import { isWriteRefused } from '../store/write-refused.ts'
import type { WorkerStore } from './coordination/store-port.ts'

/**
 * Longest wait for a connection to the store's owner. The owner is alive, because it forked this
 * worker, which ends with it. But it may be stopped, or its machine may be suspended, so the worker
 * waits as long as it would wait for a result to be accepted.
 */
const CONNECT_PATIENCE_MS = 600_000

/** Interval of retries on a full disk, until a person frees space or repairs the disk. */
const ROOM_LOOK_MS = 500

/**
 * Makes the operating system kill this process and its Chrome when the parent process ends. Does
 * nothing on a system that cannot do so.
 */
export function endWithParent(): void {
  joinKillOnCloseJob()
  dieWithParent(process.ppid)
}

/**
 * Connects to the owner of the store of the project at `root`. The store's client is not loaded
 * before this call. A request that fails because the disk is full is retried while `mayWait()`
 * returns true.
 * @throws The errors of `openStore` for a client.
 */
export async function connectToStore(root: string, mayWait: () => boolean): Promise<WorkerStore> {
  const { openStore } = await import('../store/open-store.ts')
  const store = await openStore({
    paths: new ProjectPaths(root),
    role: 'client',
    clock: systemClock,
    waitMs: CONNECT_PATIENCE_MS,
  })
  let ordersGiven = true
  store.onChange(() => {
    ordersGiven = true
  }, ['worker_commands'])
  return {
    call: (name, input) => retryWhileDiskFull(() => store.call(name, input), mayWait),
    mayHaveOrders: () => {
      const given = ordersGiven
      ordersGiven = false
      return given
    },
    onWritten: (tables, listener) => store.onChange(() => listener(), tables),
    onLost: listener => {
      let warned = false
      void store.closed.then(({ reason }) => {
        if (!warned && reason !== 'closed') listener()
      })
      return () => {
        warned = true
      }
    },
    close: () => store.close(),
  }
}

/**
 * Retries a request while the disk is full and `mayWait()` returns true. So a full disk delays a
 * worker, up to the limit of its phase, but the worker's work is not lost.
 */
async function retryWhileDiskFull<T>(ask: () => Promise<T>, mayWait: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isWriteRefused(error) || !mayWait()) throw error
    }
    await delay(ROOM_LOOK_MS, systemClock)
  }
}
