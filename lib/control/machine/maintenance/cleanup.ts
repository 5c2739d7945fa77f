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

/** A worker that has ended stays on the screen for this long. */
const EXITED_SHOWN_MS = 15_000

/**
 * The worker documents there are. One that is damaged, or of another version, is told and set aside for a person to look at; one that the system does not let us read is told
 * as `hindered` says.
 */
export function workerDocuments(
  paths: ProjectPaths,
  log: Log,
  hindered: 'warn' | 'debug' = 'warn',
): WorkerDocument[] {
  return readDocumentsSync(paths.workerStates, WorkerDocument, (error, path) => {
    if (errorCode(error) !== 'document-invalid') log[hindered](messageOf(error))
    else if (tryTo(() => quarantineDocument(path), path, log))
      log.warn(`${messageOf(error)} It is in the folder "${ASIDE}" there now.`)
  })
}

/**
 * Removes the state documents of workers that ended a while ago, profile folders that ended browsers left, locks of ports whose owner died, and what killed writers left
 * half done; with `rests`, after a jump of the clock, none of those that go by their age. What will not go (Windows holds files open for a while) goes a later time. Answers how much was removed.
 */
export function sweep(
  paths: ProjectPaths,
  now: number,
  log: Log,
  profiles = new ProfileSweep(paths, log),
  rests = false,
): number {
  // What hinders us does so again and again: it was told at the start.
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
 * Removes the profiles of all browsers of a worker that has ended, without holding up anything else; `profile` is the first one's or any other's. What does not go
 * at once goes with a later sweep. Never rejects.
 */
export async function removeProfiles(paths: ProjectPaths, profile: string, log: Log): Promise<void> {
  const first = firstProfileName(profile)
  try {
    const names = (await readdir(paths.profiles)).filter(name => firstProfileName(name) === first)
    for (const name of names) await removeOwnTreeLater(join(paths.profiles, name))
  } catch (error) {
    log.debug(`${first} does not go yet: ${messageOf(error)}`)
  }
}

/** Moves or removes a document; tells whether it went. */
function tryTo(act: () => void, path: string, log: Log): boolean {
  try {
    act()
    return true
  } catch (error) {
    log.debug(`${basename(path)} does not go yet: ${messageOf(error)}`)
    return false
  }
}
