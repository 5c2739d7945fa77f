import { Worker } from 'node:worker_threads'
import { entryPath } from '../../core/process/entry-path.ts'
import { MAX_YOUNG_GENERATION_MB } from '../../core/process/heap-growth.ts'

let spare: Worker | undefined

/**
 * Starts the thread for the next owner in this process ahead of need, because the start takes a
 * fifth of a second. Does not delay the exit.
 */
export function prewarmThread(): void {
  if (spare !== undefined) return
  const worker = startThread()
  const forget = () => {
    if (spare === worker) spare = undefined
  }
  // The next owner starts another thread then, and receives its error.
  worker.once('error', forget).once('exit', forget)
  worker.unref()
  spare = worker
}

/** Returns a store's thread that has no owner yet. */
export function takePrewarmed(): Worker {
  const worker = spare ?? startThread()
  spare = undefined
  worker.ref()
  return worker
}

/** Ends a thread that was started ahead and is not needed. */
export function discardPrewarmed(): void {
  const worker = spare
  spare = undefined
  void worker?.terminate()
}

/** Starts a thread without the modules that this process was started with. */
function startThread(): Worker {
  return new Worker(entryPath(import.meta.url, './store-thread.entry'), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB },
  })
}
