import { Worker } from 'node:worker_threads'
import { entryPath } from '../../core/process/entry-path.ts'
import { MAX_YOUNG_GENERATION_MB } from '../../core/process/heap-growth.ts'

let spare: Worker | undefined

/**
 * Starts the thread for the next owner in this process before it is needed, because the start takes
 * 0.2 s. The thread does not keep the process running.
 */
export function prewarmThread(): void {
  if (spare !== undefined) return
  const worker = startThread()
  const forget = () => {
    if (spare === worker) spare = undefined
  }
  // The next owner then starts another thread, and receives the error of that one.
  worker.once('error', forget).once('exit', forget)
  worker.unref()
  spare = worker
}

/**
 * Returns a thread for a store that is not yet in use: the one that was started before, or else a
 * new one.
 */
export function takePrewarmed(): Worker {
  const worker = spare ?? startThread()
  spare = undefined
  worker.ref()
  return worker
}

/** Ends the thread that was started before, if it was not needed. */
export function discardPrewarmed(): void {
  const worker = spare
  spare = undefined
  void worker?.terminate()
}

/** Starts a thread without the preloaded modules of this process. */
function startThread(): Worker {
  return new Worker(entryPath(import.meta.url, './store-thread.entry'), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB },
  })
}
