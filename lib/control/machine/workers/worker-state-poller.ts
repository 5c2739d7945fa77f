import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf, systemCode } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { WorkerDocument } from '../../../model/worker/documents.ts'
import { parseDocument } from '../../../files/documents/atomic-json.ts'
import { repeat } from '../../clock/repeat.ts'

/**
 * Interval of the polling. The watchdog's grace is four times this interval, so a deadline is known
 * well before it counts as exceeded.
 */
const LOOK_EVERY_MS = 500

export interface FollowOptions {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /** Returns the current workers. */
  readonly workers: () => readonly { readonly workerId: string }[]
  /** Called with each document that has changed. */
  readonly onState: (document: WorkerDocument) => void
}

/**
 * Polls the documents of the workers. Returns the function that ends the polling. Uses a timer
 * instead of a file watcher, because busy workers write a hundred times a second and the control
 * layer only needs their deadlines.
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

/**
 * Returns the text of a document, or undefined if it does not exist yet or cannot be read now,
 * which happens on Windows.
 */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return undefined
  }
}
