import { Worker } from 'node:worker_threads'
import { entryPath } from '../../core/process/entry-path.ts'
import type { Log } from '../../core/log.ts'
import { MAX_YOUNG_GENERATION_MB } from '../../core/process/heap-growth.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { WatchdogData } from './watch-main-thread.ts'

/** Interval of the heartbeats, short enough for a limit of a few seconds. */
const BEAT_MS = 1_000

/**
 * Memory limit of the watchdog thread. The thread holds a counter and, before it kills the process,
 * the calls of the main thread.
 */
const MEMORY_MEGABYTES = 32

export interface WatchdogOptions {
  readonly limitMs: number
  readonly paths: ProjectPaths
  readonly log: Log
}

/**
 * Starts a thread that kills this process if its main thread has hung for `limitMs`, so that the
 * service manager starts the process again. Uses SIGKILL, because no other signal is certain to
 * work. A stopped process or a sleeping machine does not count as a hang, because the watchdog
 * thread stops with it. A main thread that a debugger has stopped does not count either. Returns
 * the function that ends the watch.
 */
export function startWatchdog({ limitMs, paths, log }: WatchdogOptions): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const beating = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS)
  beating.unref()
  const stop = () => clearInterval(beating)
  try {
    const workerData: WatchdogData = { beats, limitMs, checkMs: BEAT_MS, root: paths.root }
    const thread = new Worker(entryPath(import.meta.url, './watchdog.entry'), {
      workerData,
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: MEMORY_MEGABYTES,
        maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB,
      },
    })
    thread.on('error', error => log.warn(`The watchdog of the scheduler ended: ${messageOf(error)}`))
    thread.unref()
    return () => {
      stop()
      void thread.terminate()
    }
  } catch (error) {
    log.warn(`The scheduler runs without its watchdog: ${messageOf(error)}`)
    return stop
  }
}
