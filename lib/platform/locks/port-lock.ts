import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namesIn } from '../../core/disk/names-in.ts'
import { refuseForeignLink } from '../../core/disk/foreign-link.ts'
import { AutomateError, systemCode } from '../../core/errors/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { identifyProcess, sameProcessAlive } from '../process/process-identity.ts'
import { z } from 'zod'
import { Instant } from '../../model/json.ts'
import { ProcessIdentity } from '../../model/worker/process-identity.ts'

const PRIVATE_FILE = 0o600

/** A lock is written in well under a millisecond: one that has no content after this long lost its writer. */
const HALF_WRITTEN_MS = 10_000

const LOCK = /^\d+\.json$/

/**
 * Locks a port for this process in `folder`, for all processes that ask there; answers what frees it, or undefined when another has it.
 * It binds nothing: it keeps ours from one another between the moment a port is let go and the moment a browser has taken it.
 */
export function lockPort(folder: string, port: number, now: number): (() => void) | undefined {
  const owner = identifyProcess(process.pid)
  if (owner === undefined) {
    throw new AutomateError(
      'environment-unfit',
      'This system does not say when a process started, so that no port can be locked. Set "cdp" to "pipe".',
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

/** The ports in `folder` whose lock has lost its owner. */
export function stalePortLocks(folder: string, now: number): number[] {
  return namesIn(folder)
    .filter(name => LOCK.test(name) && isStale(join(folder, name), now))
    .map(name => Number.parseInt(name, 10))
}

/** Removes the locks in `folder` whose owner has died; returns their ports. Never throws: what cannot be removed now is removed by a later sweep. */
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

/** Another may have swept the same lock and locked the port anew since we looked: what is taken away is looked at once more. */
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

/** Who holds a port until its Chrome has it. `data/ports/<port>.json`. */
export const PortLock = z.object({
  kind: z.literal('port-lock'),
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  owner: ProcessIdentity,
  since: Instant,
})
export type PortLock = z.infer<typeof PortLock>
