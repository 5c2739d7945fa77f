import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf, systemCode } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { WorkerDocument } from '../../../model/worker/documents.ts'
import { parseDocument } from '../../../files/documents/atomic-json.ts'
import { repeat } from '../../clock/repeat.ts'

/** A deadline is known well before its phase can be overdue: the watchdog's grace is four times that. */
const LOOK_EVERY_MS = 500

export interface FollowOptions {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /** The workers that there are now. */
  readonly workers: () => readonly { readonly workerId: string }[]
  /** Hears of each document that has changed. */
  readonly onState: (document: WorkerDocument) => void
}

/**
 * Looks again and again at what the workers say of themselves; returns a function that ends it. By the clock, not by a watch of their folder: busy workers write
 * a hundred times a second, and Control needs to know only by when they must have gone on.
 */
export function pollWorkerStates({ paths, clock, log, workers, onState }: FollowOptions): () => void {
  let known = new Map<string, string>()
  const poll = () => {
    const before = known
    known = new Map()
    for (const { workerId } of workers()) {
      const path = join(paths.workerStates, `${workerId}.json`)
      const text = textOf(path)
      if (text === undefined) continue
      known.set(workerId, text)
      if (text === before.get(workerId)) continue
      try {
        onState(parseDocument(path, text, WorkerDocument))
      } catch (error) {
        log.warn(messageOf(error), { workerId })
      }
    }
  }
  const what = 'The check of the documents of workers'
  return repeat({ everyMs: LOOK_EVERY_MS, clock, log, what, act: poll })
}

/** Undefined for a document that is not there yet, or cannot be read just now (Windows). */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return undefined
  }
}
