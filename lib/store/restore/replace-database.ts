import { renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { syncFolder } from '../../core/disk/whole-file.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { removeUnfinishedCopies } from '../backup/unfinished-copies.ts'
import { makeAddress, removeAddress } from '../endpoint/address.ts'
import { isOwnerAlive } from '../ownership/living-owner.ts'
import { readOwnerRecord } from '../ownership/owner-record.ts'
import { takeOwnership } from '../ownership/ownership.ts'
import type { Ownership } from '../ownership/ownership.ts'
import { completeQuarantine, quarantine, suspectMark } from '../quarantine.ts'
import type { AsideReason } from '../quarantine.ts'

/** Interval of the retries while another command holds the database. */
const RETRY_MS = 50

/** Replacement of a database: a complete file next to it, and the reason for the replacement. */
export interface Replacement<T> {
  readonly file: string
  readonly reason: AsideReason
  readonly facts: T
}

interface Place {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly waitMs: number
  /**
   * File that `prepare` copies. If it is an unfinished copy, it is not removed with the others at
   * the beginning.
   */
  readonly source?: string
}

/**
 * Replaces the project's database, which is quarantined and never deleted. `prepare` creates the
 * new file while no other process can write to the current one. Returns the new path of the
 * database that was replaced; null if there was none.
 * @throws `store-busy` while a scheduler runs, or if a command does not end within `waitMs`.
 * @throws the errors of `prepare`. Nothing has been changed then.
 */
export async function replaceDatabase<T>(
  { paths, clock, waitMs, source }: Place,
  prepare: () => Promise<Replacement<T>>,
): Promise<{ readonly aside: string | null; readonly facts: T }> {
  const ownership = await own(paths, clock, waitMs)
  try {
    await removeUnfinishedCopies(paths.database, source)
    completeQuarantine(paths.database)
    const { file, reason, facts } = await prepare()
    try {
      const aside = quarantine(paths.database, clock.now(), reason)
      renameSync(file, paths.database)
      rmSync(suspectMark(paths.database), { force: true })
      syncFolder(dirname(paths.database))
      return { aside, facts }
    } finally {
      rmSync(file, { force: true })
    }
  } finally {
    await ownership.release()
    removeAddress(ownership.announcement.endpoint)
  }
}

async function own(paths: ProjectPaths, clock: Clock, waitMs: number): Promise<Ownership> {
  const until = clock.monotonic() + waitMs
  for (;;) {
    const ownership = await takeOwnership({
      ...{ paths, role: 'transient', now: clock.now(), makeEndpoint: makeAddress },
    })
    if (ownership !== undefined) return ownership
    const owner = readOwnerRecord(paths.owner)
    const schedules = owner?.role === 'scheduler' && isOwnerAlive(owner)
    if (schedules || clock.monotonic() >= until) throw inUse(paths, owner?.pid, schedules)
    await delay(RETRY_MS, clock)
  }
}

function inUse({ root, database }: ProjectPaths, pid: number | undefined, schedules: boolean): AutomateError {
  const message = schedules
    ? `A scheduler runs in ${root} (process ${pid ?? 0}). Nothing was changed. Stop the scheduler, then run this command again.`
    : `Process ${pid ?? 'unknown'} uses the database ${database}. Nothing was changed. Wait until the process has ended, then run this command again.`
  return new AutomateError('store-busy', message, { facts: { root, pid: pid ?? null } })
}
