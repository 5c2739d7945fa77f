import type { Clock } from '../lib/core/time/clock.ts'
import type { ProjectPaths } from '../lib/core/process/paths.ts'
import { livingScheduler } from '../lib/store/ownership/living-owner.ts'

/** Interval of the checks: short for a person, and almost no load for the machine. */
const LOOK_EVERY_MS = 1_000

/**
 * Calls `found` once, as soon as a scheduler runs in the project. Returns a function that stops
 * waiting.
 */
export function watchForScheduler(paths: ProjectPaths, clock: Clock, found: () => void): () => void {
  let forget: () => void = () => undefined
  const poll = () => {
    if (livingScheduler(paths.owner) !== undefined) found()
    else forget = clock.after(LOOK_EVERY_MS, poll)
  }
  forget = clock.after(LOOK_EVERY_MS, poll)
  return () => forget()
}
