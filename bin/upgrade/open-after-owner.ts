import { join } from 'node:path'
import { errorCode } from '../../lib/core/errors/errors.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay, raceAbort } from '../../lib/core/time/timeout.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { openLog } from '../../lib/files/logs/log-writer.ts'
import { livingScheduler } from '../../lib/store/ownership/living-owner.ts'
import { readOwnerRecord } from '../../lib/store/ownership/owner-record.ts'
import { openForWork } from '../open-project.ts'
import type { OpenProject, OpenProjectOptions } from '../open-project.ts'

/** Interval at which this process checks whether another process still owns the database. */
const LOOK_EVERY_MS = 1_000

/**
 * Opens a project in order to schedule in it, after a scheduler has restarted into another version.
 * During the restart the database had no owner for some seconds, so a command or a console may own
 * it now. In that case, logs once that it waits, and waits for the end of that process. The session
 * uses the configuration after the wait. Resolves with null after `signal` aborts.
 * @throws The errors of `openForWork` if no other process owns the database.
 */
export async function openAfterOwner(
  started: Project,
  options: Pick<OpenProjectOptions, 'followLogs' | 'onTrouble'>,
  signal: AbortSignal,
): Promise<OpenProject | null> {
  let project = started
  let reported = false
  const report = (pid: number | undefined) => {
    if (!reported) warn(project, pid, options)
    reported = true
  }
  const isStopped = () => signal.aborted
  while (!isStopped()) {
    try {
      const session = await openForWork(project, { ...options, signal })
      if (session.store.role === 'scheduler') return session
      report(session.store.owner.pid)
      project = await projectAfter(session, signal)
    } catch (error) {
      if (isStopped()) break
      if (!isOwned(project, error)) throw error
      report(readOwnerRecord(project.paths.owner)?.pid)
      await schedulerGone(project, signal)
    }
  }
  return null
}

/**
 * Waits until the scheduler of an attached session has ended, and closes the session. Resolves with
 * the project in its configuration at that time.
 */
async function projectAfter(session: OpenProject, signal: AbortSignal): Promise<Project> {
  try {
    // This only follows the configuration, because another process schedules.
    await session.schedule()
    await raceAbort(session.store.closed, signal)
    return session.project
  } finally {
    await session.close()
  }
}

/**
 * True if a project could not be opened because another process owns its database. That process has
 * another protocol, or is a command that takes long.
 */
function isOwned({ paths }: Project, error: unknown): boolean {
  return errorCode(error) === 'store-busy' || otherScheduler(paths.owner) !== undefined
}

/**
 * Resolves when no other scheduler owns the database, or when `signal` aborts. A command that owns
 * the database is not waited for here, because opening the store does that.
 */
async function schedulerGone({ paths }: Project, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && otherScheduler(paths.owner) !== undefined)
    await delay(LOOK_EVERY_MS, systemClock, signal)
}

function otherScheduler(owner: string): number | undefined {
  const pid = livingScheduler(owner)
  return pid === process.pid ? undefined : pid
}

/**
 * Writes a warning to the log of the scheduler. The log is opened for it, because no session is
 * open now.
 */
function warn(
  { paths }: Project,
  pid: number | undefined,
  { onTrouble }: Pick<OpenProjectOptions, 'onTrouble'>,
): void {
  const log = openLog({
    source: 'scheduler',
    pathAt: at => join(paths.logs('console', at), 'console.log'),
    ...(onTrouble === undefined ? {} : { onTrouble }),
  })
  const owner = pid === undefined ? 'Another process' : `Process ${pid}`
  log.warn(
    `${owner} took the database while this scheduler restarted. This scheduler waits until that process has ended, and then continues.`,
  )
  log.close()
}
