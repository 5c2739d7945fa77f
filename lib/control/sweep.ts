import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import { WorkerDocument } from '../domain/documents.ts'
import { readJsonIfExistsSync } from '../files/atomic-json.ts'

/** A worker that has ended stays on the screen for this long. */
const EXITED_SHOWN_MS = 15_000

/** The worker documents there are; one that cannot be read is logged and left for a person to look at. */
export function workerDocuments(paths: ProjectPaths, log: Log): WorkerDocument[] {
  const documents: WorkerDocument[] = []
  for (const file of readdirSync(paths.workerStates)) {
    if (!file.endsWith('.json') || file.startsWith('.')) continue
    try {
      const document = readJsonIfExistsSync(join(paths.workerStates, file), WorkerDocument)
      if (document !== undefined) documents.push(document)
    } catch (error) {
      log.warn(messageOf(error))
    }
  }
  return documents
}

/**
 * Removes the state documents of workers that ended a while ago, and profile folders that no living worker uses. A folder that will not go (Windows holds
 * files open for a while) goes the next time. Answers how much was removed.
 */
export function sweep(paths: ProjectPaths, now: number, log: Log): number {
  const documents = workerDocuments(paths, log)
  const gone = documents.filter(
    ({ state, updatedAt }) => state === 'exited' && now - updatedAt > EXITED_SHOWN_MS,
  )
  const states = gone.map(({ workerId }) => join(paths.workerStates, `${workerId}.json`))
  return [...states, ...unusedProfiles(paths, documents)].filter(path => remove(path, log)).length
}

/** Profiles are named after their worker's browser; one without a living worker's document has no owner. */
function unusedProfiles(paths: ProjectPaths, documents: readonly WorkerDocument[]): string[] {
  const living = documents.filter(({ state }) => state !== 'exited')
  // A worker that has only just been forked has no document yet: while one may be starting, nothing unknown is touched.
  if (living.length > 0 || readdirSync(paths.assignments).length > 0) {
    const known = new Set(documents.filter(({ state }) => state === 'exited').map(profileName))
    return readdirSync(paths.profiles)
      .filter(name => known.has(name))
      .map(name => join(paths.profiles, name))
  }
  return readdirSync(paths.profiles).map(name => join(paths.profiles, name))
}

const profileName = ({ browser }: WorkerDocument): string =>
  browser === null ? '' : basename(browser.profile)

function remove(path: string, log: Log): boolean {
  try {
    rmSync(path, { recursive: true, force: true })
    return true
  } catch (error) {
    log.debug(`${basename(path)} does not go yet: ${messageOf(error)}`)
    return false
  }
}
