import { readdirSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import { WorkerDocument } from '../domain/documents.ts'
import { readJsonIfExistsSync } from '../files/atomic-json.ts'

/** A worker that has ended stays on the screen for this long. */
const EXITED_SHOWN_MS = 15_000

/**
 * A profile that no document names belongs to a worker that is just starting, to one that runs in the foreground without the scheduler, or to nobody.
 * Only the last kind grows so old.
 */
const UNKNOWN_PROFILE_KEPT_MS = 24 * 60 * 60_000

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
 * Removes the state documents of workers that ended a while ago, and profile folders whose worker has ended. A folder that will not go (Windows holds
 * files open for a while) goes the next time. Answers how much was removed.
 */
export function sweep(paths: ProjectPaths, now: number, log: Log): number {
  const documents = workerDocuments(paths, log)
  const gone = documents.filter(
    ({ state, updatedAt }) => state === 'exited' && now - updatedAt > EXITED_SHOWN_MS,
  )
  const states = gone.map(({ workerId }) => join(paths.workerStates, `${workerId}.json`))
  return [...unusedProfiles(paths, documents, now), ...states].filter(path => removeFolder(path, log)).length
}

function unusedProfiles(paths: ProjectPaths, documents: readonly WorkerDocument[], now: number): string[] {
  const used = new Set(documents.filter(({ state }) => state !== 'exited').map(profileName))
  const spent = new Set(documents.filter(({ state }) => state === 'exited').map(profileName))
  return readdirSync(paths.profiles)
    .filter(name => !used.has(name))
    .map(name => ({ name, path: join(paths.profiles, name) }))
    .filter(({ name, path }) => spent.has(name) || ageOf(path, now) > UNKNOWN_PROFILE_KEPT_MS)
    .map(({ path }) => path)
}

function ageOf(path: string, now: number): number {
  return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now)
}

const profileName = ({ browser }: WorkerDocument): string =>
  browser === null ? '' : basename(browser.profile)

/** Removes the profile of a worker that has ended, without holding up anything else. On Windows its files stay held for a moment: then it goes with a later sweep. */
export async function removeProfile(paths: ProjectPaths, profile: string, log: Log): Promise<void> {
  try {
    await rm(join(paths.profiles, profile), { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    log.debug(`${profile} does not go yet: ${messageOf(error)}`)
  }
}

/** Removes a file or a folder with all it holds; answers whether it has gone. */
export function removeFolder(path: string, log: Log): boolean {
  try {
    rmSync(path, { recursive: true, force: true })
    return true
  } catch (error) {
    log.debug(`${basename(path)} does not go yet: ${messageOf(error)}`)
    return false
  }
}
