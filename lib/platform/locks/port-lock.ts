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
 * Age at which an empty lock counts as stale. A lock is written in well under a millisecond, so its
 * writer has died.
 */
const HALF_WRITTEN_MS = 10_000

const LOCK = /^\d+\.json$/

/**
 * Locks a port for this process among all processes that use `folder`. Returns the function that
 * releases the port, or undefined if another process holds it. Binds nothing, but separates our
 * processes between the release of a port and its binding by a browser.
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

/** Returns the ports in `folder` with a lock that has lost its owner. */
export function stalePortLocks(folder: string, now: number): number[] {
  return namesIn(folder)
    .filter(name => LOCK.test(name) && isStale(join(folder, name), now))
    .map(name => Number.parseInt(name, 10))
}

/**
 * Removes the locks in `folder` with a dead owner, and returns their ports. Never throws: a later
 * sweep retries failed removals.
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
 * Removes a stale lock, and checks it again after the renaming, because another process may have
 * swept it and locked the port again.
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

/** The holder of a port until its Chrome has bound it. `data/ports/<port>.json`. */
export const PortLock = z.object({
  kind: z.literal('port-lock'),
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  owner: ProcessIdentity,
  since: Instant,
})
export type PortLock = z.infer<typeof PortLock>
