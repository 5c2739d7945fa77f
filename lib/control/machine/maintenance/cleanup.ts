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

/** Time for which a worker remains on the screen after its end. */
const EXITED_SHOWN_MS = 15_000

/**
 * Returns the documents of all workers. A document that is damaged or of another version is logged,
 * and set aside for a person. A document that the system does not allow to be read is logged at the
 * level `hindered`.
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
 * Removes the state documents of workers that ended a while ago, the profile folders of ended
 * browsers, the port locks of dead owners, and the temporary files of killed writers. If `rests` is
 * true, after a jump of the clock, removes only the documents. A file that cannot be removed is
 * removed by a later call. Windows, for example, holds files open for a while. Returns the number
 * of removals.
 */
export function sweep(
  paths: ProjectPaths,
  now: number,
  log: Log,
  profiles = new ProfileSweep(paths, log),
  rests = false,
): number {
  // Logged at debug level, because the same files fail in each round, and were logged at the start.
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
 * Removes the profiles of all browsers of an ended worker. `profile` is the name of any one of
 * them. A profile that cannot be removed now is removed by a later sweep. Never rejects.
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

/** Calls `act`, which moves or removes the document at `path`. Returns true if it succeeded. */
function tryTo(act: () => void, path: string, log: Log): boolean {
  try {
    act()
    return true
  } catch (error) {
    log.debug(`Could not remove ${basename(path)} yet: ${messageOf(error)}`)
    return false
  }
}
