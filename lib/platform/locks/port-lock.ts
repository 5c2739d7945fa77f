import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { namesIn } from '../../core/disk/names-in.ts'
import { refuseForeignLink } from '../../core/disk/foreign-link.ts'
import { AutomateError, systemCode } from '../../core/errors/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { identifyProcess, sameProcessAlive } from '../process/process-identity.ts'
import { Instant } from '../../model/json.ts'
import { ProcessIdentity } from '../../model/worker/process-identity.ts'

const PRIVATE_FILE = 0o600

/**
 * Age at which an incomplete lock file counts as stale. Writing a lock takes well under a
 * millisecond, so the writer must have died.
 */
const HALF_WRITTEN_MS = 10_000

const LOCK = /^\d+\.json$/

/**
 * Locks a port for this process, among all processes that use `folder`. Returns the function that
 * releases the lock, or undefined if another process holds it. Does not bind the port. The lock
 * prevents our processes from choosing the same port before a browser binds it.
 */
export function lockPort(folder: string, port: number, now: number): (() => void) | undefined {
  const owner = identifyProcess(process.pid)
  if (owner === undefined) {
    throw new AutomateError(
      'environment-unfit',
      'This system does not report the start time of processes, so no port can be locked. Set "cdp" to "pipe".',
    )
  }
  const lock: PortLock = { kind: 'port-lock', version: 1, port, owner, since: now }
  const path = join(folder, `${port}.json`)
  try {
    writeFileSync(path, JSON.stringify(lock), { flag: 'wx', mode: PRIVATE_FILE })
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined
    throw error
  }
  return () => rmSync(path, { force: true })
}

/** Returns the ports in `folder` whose locks are stale, because the owner has died. */
export function stalePortLocks(folder: string, now: number): number[] {
  return namesIn(folder)
    .filter(name => LOCK.test(name) && isStale(join(folder, name), now))
    .map(name => Number.parseInt(name, 10))
}

/**
 * Removes the stale locks in `folder` and returns their ports. Never throws; a later sweep retries
 * failed removals.
 */
export function sweepPortLocks(folder: string, now: number): number[] {
  return stalePortLocks(folder, now).filter(port => takeAway(folder, `${port}.json`, now))
}

function isStale(path: string, now: number): boolean {
  try {
    const lock = PortLock.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (lock.success) return !sameProcessAlive(lock.data.owner)
  } catch (error) {
    if (systemCode(error) !== undefined) return false
  }
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
  return now - written > HALF_WRITTEN_MS
}

/**
 * Removes a stale lock. Renames it first and checks it again, because another process may have
 * removed it and locked the port again since the first check. Returns true if the lock was stale.
 */
function takeAway(folder: string, name: string, now: number): boolean {
  const path = join(folder, name)
  const aside = join(folder, `.${name}.${newUuid()}.stale`)
  try {
    refuseForeignLink(folder)
    renameSync(path, aside)
    const stale = isStale(aside, now)
    if (!stale) linkSync(aside, path)
    rmSync(aside, { force: true })
    return stale
  } catch {
    return false
  }
}

/**
 * Lock of a port, held until the Chrome of the owner has bound the port. Stored as
 * `data/ports/<port>.json`.
 */
export const PortLock = z.object({
  kind: z.literal('port-lock'),
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  owner: ProcessIdentity,
  since: Instant,
})
export type PortLock = z.infer<typeof PortLock>
