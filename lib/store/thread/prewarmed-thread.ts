import { Worker } from 'node:worker_threads'
import { entryPath } from '../../core/process/entry-path.ts'
import { MAX_YOUNG_GENERATION_MB } from '../../core/process/heap-growth.ts'

let spare: Worker | undefined

/**
 * Starts the thread that the next owner in this process takes: it takes a fifth of a second to
 * start, in which other things can be done. Holds up no exit.
 */
export function prewarmThread(): void {
  if (spare !== undefined) return
  const worker = startThread()
  const forget = () => {
    if (spare === worker) spare = undefined
  }
  // Whoever needs one starts another then, and hears what is wrong.
  worker.once('error', forget).once('exit', forget)
  worker.unref()
  spare = worker
}

/** A store's thread that has been told nothing yet. */
export function takePrewarmed(): Worker {
  const worker = spare ?? startThread()
  spare = undefined
  worker.ref()
  return worker
}

/** Ends the thread that was started for nothing. */
export function discardPrewarmed(): void {
  const worker = spare
  spare = undefined
  void worker?.terminate()
}

/** It takes no part in what this process was told to load first. */
function startThread(): Worker {
  return new Worker(entryPath(import.meta.url, './store-thread.entry'), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB },
  })
}
