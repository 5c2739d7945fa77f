import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { removeOwnTree } from '../../../core/disk/remove-own.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { PROFILE_NAME, PROFILE_OWNER, firstProfileName } from '../../../core/ids.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { WorkerDocument } from '../../../model/worker/documents.ts'
import { ProcessIdentity } from '../../../model/worker/process-identity.ts'
import { sameProcessAlive } from '../../../platform/process/process-identity.ts'

/** Retention of a folder whose name is not that of a profile, because it may belong to a person. */
const FOREIGN_KEPT_MS = 24 * 60 * 60_000

/**
 * Retention of a profile whose owner neither a document nor its own file names. The owner may be a
 * worker that is starting, which needs seconds to write the file. If there is no owner, a browser
 * that briefly outlived its killed worker has recreated a removed profile.
 */
const UNKNOWN_KEPT_MS = 10 * 60_000

/**
 * Maximum number of folders that a round removes. Each removal takes some milliseconds and blocks
 * all other work. The remaining folders wait for the next round.
 */
const MOST_A_ROUND = 10

/**
 * Largest number of remaining folders for which no warning is logged. Each folder takes some
 * megabytes.
 */
const QUOTA = 20

/** Maximum number of names in a warning. */
const NAMED = 5

/** Pause after the first failure to remove a folder. It doubles with each further failure. */
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 30 * 60_000

interface Refusal {
  readonly tries: number
  readonly againAt: number
  readonly why: string
}

/**
 * Removes the profile folders of ended browsers, oldest first, and remembers the folders that could
 * not be removed.
 */
export class ProfileSweep {
  private readonly paths: ProjectPaths
  private readonly log: Log
  private readonly refusals = new Map<string, Refusal>()
  private warnedOf = QUOTA

  constructor(paths: ProjectPaths, log: Log) {
    this.paths = paths
    this.log = log
  }

  /**
   * Runs a round, and returns the number of removed folders. Never throws because of a folder that
   * cannot be removed. Such a folder is tried again later, and a repeated failure is logged.
   */
  round(documents: readonly WorkerDocument[], now: number): number {
    const left = leftProfiles(this.paths.profiles, documents, now)
    for (const name of this.refusals.keys()) if (!left.includes(name)) this.refusals.delete(name)
    const due = left
      .filter(name => {
        const againInMs = (this.refusals.get(name)?.againAt ?? now) - now
        // If the next try is further away than the longest pause, the clock has been set back
        // since.
        return againInMs <= 0 || againInMs > LONGEST_RETRY_MS
      })
      .slice(0, MOST_A_ROUND)
    const gone = due.filter(name => this.remove(name, now))
    this.warn(left.filter(name => !gone.includes(name)))
    return gone.length
  }

  private remove(name: string, now: number): boolean {
    try {
      removeOwnTree(join(this.paths.profiles, name))
      this.refusals.delete(name)
      return true
    } catch (error) {
      const tries = (this.refusals.get(name)?.tries ?? 0) + 1
      const againAt = now + Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS)
      this.refusals.set(name, { tries, againAt, why: messageOf(error) })
      if (tries === 2)
        this.log.warn(`Could not remove profile ${name}, which will be retried: ${messageOf(error)}`)
      return false
    }
  }

  /** Logs a warning about remaining folders once, and again each time their number has doubled. */
  private warn(left: readonly string[]): void {
    if (left.length <= QUOTA) this.warnedOf = QUOTA
    if (left.length <= this.warnedOf) return
    this.warnedOf = left.length * 2
    const names = left.slice(0, NAMED).join(', ')
    const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : ''
    const why = left.map(name => this.refusals.get(name)?.why).find(one => one !== undefined)
    this.log.warn(
      `${left.length} profile folders of ended browsers are still in ${this.paths.profiles}, the oldest first: ${names}${more}.${why === undefined ? '' : ` The last removal failed: ${why}.`} Close the programs that use them, or run "automate-tui doctor --fix".`,
    )
  }
}

/** Returns the names of unused profile folders, oldest first. */
export function leftProfiles(folder: string, documents: readonly WorkerDocument[], now: number): string[] {
  const used = new Set(documents.filter(({ state }) => state !== 'exited').map(profileName))
  const obsolete = new Set(documents.filter(({ state }) => state === 'exited').map(profileName))
  // A project that has never run has no such folder.
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names
    .filter(name => !used.has(firstProfileName(name)))
    .map(name => ({ name, ...ageAndOwner(join(folder, name), now) }))
    .filter(({ name, ageMs, owner }) => obsolete.has(firstProfileName(name)) || isLeft(name, ageMs, owner))
    .sort((a, b) => b.ageMs - a.ageMs)
    .map(({ name }) => name)
}

function isLeft(name: string, ageMs: number, owner: ProcessIdentity | undefined): boolean {
  if (!PROFILE_NAME.test(firstProfileName(name))) return ageMs > FOREIGN_KEPT_MS
  return owner === undefined ? ageMs > UNKNOWN_KEPT_MS : !sameProcessAlive(owner)
}

function ageAndOwner(path: string, now: number): { ageMs: number; owner: ProcessIdentity | undefined } {
  const ageMs = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now)
  try {
    const owner = ProcessIdentity.safeParse(JSON.parse(readFileSync(join(path, PROFILE_OWNER), 'utf8')))
    return { ageMs, owner: owner.data }
  } catch {
    return { ageMs, owner: undefined }
  }
}

const profileName = ({ browser }: WorkerDocument): string =>
  browser === null ? '' : firstProfileName(basename(browser.profile))
