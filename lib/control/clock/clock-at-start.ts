import { localTime } from '../../core/time/local-time.ts'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { Log } from '../../core/log.ts'
import { spanText } from '../../core/text/span-text.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { GAP_MS } from '../../model/schedule/clock-gap.ts'
import type { ClockGap } from '../../model/schedule/clock-gap.ts'
import { SchedulerDocument } from '../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import type { Store } from '../../store/store.ts'
import { ClockWatch } from './clock-watch.ts'

/** Smallest step back that counts as a jump. Corrections by time synchronisation are smaller. */
const MAX_CORRECTION_MS = 5 * 60_000

interface ClockDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  readonly log: Log
}

export interface ClockAtStart extends ClockDependencies {
  /** Epoch ms at which the last scheduler last ran; undefined if unknown. */
  readonly ranAt: number | undefined
}

/** Returns a watch of the wall clock that records jumps in the store. */
export function watchClock({ store, clock, log }: ClockDependencies): ClockWatch {
  const failed = (error: unknown) => log.error(`A jump of the clock could not be stored: ${messageOf(error)}`)
  return new ClockWatch(clock, log, {
    onSetBack: byMs => void store.call('clock.setBack', { byMs }).catch(failed),
    onGap: gap => void store.call('clock.noteGap', gap).catch(failed),
  })
}

/**
 * Returns the epoch ms at which the last scheduler wrote its document, or undefined if there is no
 * readable document. Must be called before this scheduler writes its own.
 */
export function lastRun(paths: ProjectPaths): number | undefined {
  try {
    return readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)?.updatedAt
  } catch {
    // A power failure can damage the document. The newest record in the store, which is used
    // instead, is almost as recent.
    return undefined
  }
}

/**
 * Compares the clock with the last time that the project recorded, and logs a jump. After a jump
 * back, jobs and pauses follow the new time. A long time in which no scheduler ran is stored as a
 * gap, because a wrong clock would make all records look old. Returns all gaps.
 */
export async function checkClockAtStart({ store, clock, log, ranAt }: ClockAtStart): Promise<ClockGap[]> {
  await store.call('clock.setBack', { byMs: 0 })
  const from = ranAt ?? (await store.call('clock.newestRecord', {})).at
  const to = Math.round(clock.now())
  if (from !== null && from - to > MAX_CORRECTION_MS) {
    log.warn(
      `The clock was set back by ${spanText(from - to)} or more since a scheduler last ran, from ${localTime(from)} to ${localTime(to)}. Jobs and schedules follow the new time.`,
    )
  }
  if (from !== null && to - from > GAP_MS) {
    log.warn(
      `No scheduler ran for ${spanText(to - from)}, from ${localTime(from)} to ${localTime(to)}, or the clock is wrong. This time does not count for the age of records, so nothing is removed because of it.`,
    )
    await store.call('clock.noteGap', { from, to })
  }
  return store.call('clock.gaps', {})
}
