import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { removeOwnFile, removeOwnTreeLater } from '../../../core/disk/remove-own.ts'
import { errorCode, messageOf } from '../../../core/errors/errors.ts'
import { firstProfileName } from '../../../core/ids.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { WorkerDocument } from '../../../model/worker/documents.ts'
import { unmarkKilled } from '../../../files/kill-marker.ts'
import { readDocumentsSync } from '../../../files/documents/read-documents.ts'
import { ASIDE, quarantineDocument } from '../../../files/documents/quarantine.ts'
import { sweepPortLocks } from '../../../platform/locks/port-lock.ts'
import { removeStaleTempFiles } from './stale-temp-files.ts'
import { ProfileSweep } from './profile-sweep.ts'

/** Time for which a worker that has ended remains on the screen. */
const EXITED_SHOWN_MS = 15_000

/**
 * Returns the worker documents. Logs a document that is damaged or of another version, and sets it
 * aside for a person. Logs a document that the system does not let us read at the level `hindered`.
 */
export function workerDocuments(
  paths: ProjectPaths,
  log: Log,
  hindered: 'warn' | 'debug' = 'warn',
): WorkerDocument[] {
  return readDocumentsSync(paths.workerStates, WorkerDocument, (error, path) => {
    if (errorCode(error) !== 'document-invalid') log[hindered](messageOf(error))
    else if (tryTo(() => quarantineDocument(path), path, log))
      log.warn(`${messageOf(error)} The file is now in the folder "${ASIDE}" there.`)
  })
}

/**
 * Removes state documents of workers that ended a while ago, profile folders of ended browsers,
 * port locks of dead owners, and temporary files of killed writers. With `rests`, after a jump of
 * the clock, removes nothing for its age. A file that cannot be removed (Windows holds files open
 * for a while) is removed later. Returns the number of removals.
 */
export function sweep(
  paths: ProjectPaths,
  now: number,
  log: Log,
  profiles = new ProfileSweep(paths, log),
  rests = false,
): number {
  // The same files fail again in each round, and were logged at the start.
  const documents = workerDocuments(paths, log, 'debug')
  const removed = rests
    ? 0
    : profiles.round(documents, now) +
      sweepPortLocks(paths.ports, now).length +
      removeStaleTempFiles(paths, now)
  const gone = documents.filter(
    ({ state, updatedAt }) => state === 'exited' && Math.abs(now - updatedAt) > EXITED_SHOWN_MS,
  )
  return removed + gone.filter(({ workerId }) => removeState(paths, workerId, log)).length
}

function removeState(paths: ProjectPaths, workerId: string, log: Log): boolean {
  const path = join(paths.workerStates, `${workerId}.json`)
  const remove = () => {
    unmarkKilled(paths, { workerId })
    removeOwnFile(path)
  }
  return tryTo(remove, path, log)
}

/**
 * Removes the profiles of all browsers of an ended worker, asynchronously. `profile` names any of
 * them. A profile that cannot be removed at once is removed by a later sweep. Never rejects.
 */
export async function removeProfiles(paths: ProjectPaths, profile: string, log: Log): Promise<void> {
  const first = firstProfileName(profile)
  try {
    const names = (await readdir(paths.profiles)).filter(name => firstProfileName(name) === first)
    for (const name of names) await removeOwnTreeLater(join(paths.profiles, name))
  } catch (error) {
    log.debug(`Could not remove ${first} yet: ${messageOf(error)}`)
  }
}

/** Moves or removes a document. Returns true if that succeeded. */
function tryTo(act: () => void, path: string, log: Log): boolean {
  try {
    act()
    return true
  } catch (error) {
    log.debug(`Could not remove ${basename(path)} yet: ${messageOf(error)}`)
    return false
  }
}
