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

/** Retention of a folder with a foreign name, which may belong to a person. */
const FOREIGN_KEPT_MS = 24 * 60 * 60_000

/**
 * Retention of a profile without an owner in a document or in its own file. The owner may be a
 * starting worker, which needs seconds to write the file. Without an owner, a browser that outlived
 * its killed worker by a moment has recreated a removed profile.
 */
const UNKNOWN_KEPT_MS = 10 * 60_000

/**
 * Most folders that a round removes, because each takes some milliseconds and blocks all other
 * work. The others wait for the next round.
 */
const MOST_A_ROUND = 10

/** Number of remaining folders up to which no warning is logged. Each takes some megabytes. */
const QUOTA = 20

/** Most names in a warning. */
const NAMED = 5

/** Pause after the first failure to remove a folder. The pause doubles with each failure. */
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 30 * 60_000

interface Refusal {
  readonly tries: number
  readonly againAt: number
  readonly why: string
}

/**
 * Removes profile folders of ended browsers, the oldest first, and records the folders that could
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
   * Runs one round. Returns the number of removed folders. Never throws for a folder that cannot be
   * removed, but logs it and tries again later.
   */
  round(documents: readonly WorkerDocument[], now: number): number {
    const left = leftProfiles(this.paths.profiles, documents, now)
    for (const name of this.refusals.keys()) if (!left.includes(name)) this.refusals.delete(name)
    const due = left
      .filter(name => {
        const againInMs = (this.refusals.get(name)?.againAt ?? now) - now
        // A time further away was set before the clock was set back.
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

/** Returns the names of unused profile folders, the oldest first. */
export function leftProfiles(folder: string, documents: readonly WorkerDocument[], now: number): string[] {
  const used = new Set(documents.filter(({ state }) => state !== 'exited').map(profileName))
  const obsolete = new Set(documents.filter(({ state }) => state === 'exited').map(profileName))
  // A project that has not run yet has no such folder.
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
