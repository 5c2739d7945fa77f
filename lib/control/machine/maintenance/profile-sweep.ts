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

/** A folder that is not named like ours may be a person's. */
const FOREIGN_KEPT_MS = 24 * 60 * 60_000

/**
 * A profile of which neither a document nor its own file says whose it is belongs to a worker that is just starting, which takes seconds, or to nobody: a browser that outlived
 * its killed worker by a moment brings back what is being removed.
 */
const UNKNOWN_KEPT_MS = 10 * 60_000

/** A folder takes some milliseconds to remove, and nothing else happens meanwhile: the rest waits for the next round. */
const MOST_A_ROUND = 10

/** So many folders left over are not told off; each takes some megabytes. */
const QUOTA = 20

/** How many names a warning carries. */
const NAMED = 5

/** After a failure a folder is tried again after this, then after twice as long, and so on. */
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 30 * 60_000

interface Refusal {
  readonly tries: number
  readonly againAt: number
  readonly why: string
}

/** Removes profile folders that ended browsers left, the oldest first, and remembers those that would not go. */
export class ProfileSweep {
  private readonly paths: ProjectPaths
  private readonly log: Log
  private readonly refusals = new Map<string, Refusal>()
  private warnedOf = QUOTA

  constructor(paths: ProjectPaths, log: Log) {
    this.paths = paths
    this.log = log
  }

  /** One round; answers how many folders went. Never throws for a folder that does not go: it is told, and tried again later. */
  round(documents: readonly WorkerDocument[], now: number): number {
    const left = leftProfiles(this.paths.profiles, documents, now)
    for (const name of this.refusals.keys()) if (!left.includes(name)) this.refusals.delete(name)
    const due = left
      .filter(name => {
        const againInMs = (this.refusals.get(name)?.againAt ?? now) - now
        // One that is further away was set by a clock that has been set back since.
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
        this.log.warn(`Profile ${name} does not go, and is tried again later: ${messageOf(error)}`)
      return false
    }
  }

  /** Told once, and again when there are twice as many. */
  private warn(left: readonly string[]): void {
    if (left.length <= QUOTA) this.warnedOf = QUOTA
    if (left.length <= this.warnedOf) return
    this.warnedOf = left.length * 2
    const names = left.slice(0, NAMED).join(', ')
    const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : ''
    const why = left.map(name => this.refusals.get(name)?.why).find(one => one !== undefined)
    this.log.warn(
      `${left.length} profile folders of ended browsers are still in ${this.paths.profiles}, the oldest first: ${names}${more}.${why === undefined ? '' : ` The last that did not go: ${why}.`} Close the programs that hold them, or run "automate-tui doctor --fix".`,
    )
  }
}

/** The names of the profile folders that nobody uses any more, the oldest first. */
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
