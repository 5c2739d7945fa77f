import { AutomateError, systemCode } from '../../core/errors/errors.ts'
import { newToken } from '../../core/ids.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { kernelRangeLock, lockFile } from '../../platform/locks/file-lock.ts'
import type { FileLock, RangeLock } from '../../platform/locks/range-lock.ts'
import { identifyProcess, sameProcessAlive } from '../../platform/process/process-identity.ts'
import { placeOf, readOwnerRecord, removeOwnerRecord, writeOwnerRecord } from './owner-record.ts'
import type { OwnerRecord, LockKind, OwnerRole } from './owner-record.ts'

/**
 * Age after which a heartbeat is stale. A busy process may be late by seconds. If it were
 * considered dead too early, there would be two owners for a moment.
 */
const STALE_MS = 10_000
/** Interval of the heartbeats. Four of them fit into `STALE_MS`. */
const UPDATE_MS = 2_500

/** The right to open the database, with an announcement that has been written. */
export interface Ownership {
  readonly announcement: OwnerRecord
  /**
   * Resolves if it turns out that another process holds the lock. Never resolves with a lock of the
   * kernel.
   */
  readonly lost: Promise<void>
  /** Releases the lock, and removes the announcement if possible. */
  release(): Promise<void>
}

export interface Claim {
  readonly paths: ProjectPaths
  readonly role: OwnerRole
  readonly now: number
  /** Returns a new address for the endpoint. Called once the lock is held. */
  readonly makeEndpoint: () => string
  /** Kind of lock to use. By default, the kernel's lock if it is available. */
  readonly lock?: LockKind | undefined
}

interface Held {
  readonly kind: LockKind
  readonly lost: Promise<void>
  release(): Promise<void>
}

/**
 * Takes the ownership of a project's database. Returns undefined if another process owns the
 * database now. Does not wait.
 */
export async function takeOwnership(claim: Claim): Promise<Ownership | undefined> {
  const held = await takeLock(claim)
  if (held === undefined) return undefined
  const { paths, role, now } = claim
  try {
    const place = placeOf(paths.owner)
    const announcement: OwnerRecord = {
      version: 1,
      pid: process.pid,
      processStart: identifyProcess(process.pid)?.started ?? null,
      role,
      since: now,
      endpoint: claim.makeEndpoint(),
      token: newToken(),
      lock: held.kind,
      program: PROGRAM,
      ...(place === undefined ? {} : { place }),
    }
    writeOwnerRecord(paths.owner, announcement)
    return {
      announcement,
      lost: held.lost,
      release: async () => {
        try {
          removeOwnerRecord(paths.owner, announcement.token)
        } catch {
          // The announcement cannot be removed if the disk has become read-only. Readers notice
          // that the announced process has ended.
        }
        await held.release()
      },
    }
  } catch (thrown) {
    await held.release()
    throw thrown
  }
}

async function takeLock({ paths, lock }: Claim): Promise<Held | undefined> {
  const rangeLock = lock === 'lockfile' ? undefined : kernelRangeLock()
  if (rangeLock === undefined) {
    if (lock === 'kernel') {
      throw new AutomateError(
        'environment-unfit',
        'Kernel locks are not available on this system, because koffi did not load.',
      )
    }
    return takeDirectory(paths)
  }
  const taken = lockUnlessReadOnly(paths, rangeLock)
  if (taken === undefined) return undefined
  const owner = readOwnerRecord(paths.owner)
  // A process for which the kernel's locks are not available may own the database through its lock
  // folder. A process that owns the kernel's lock may hold it on a file that has since been
  // removed, which it notices soon.
  if (
    owner?.lock === 'lockfile'
      ? await lockDirectoryHeld(paths.database)
      : owner !== undefined && ownsOther(owner)
  ) {
    taken.release()
    return undefined
  }
  return {
    kind: 'kernel',
    lost: new Promise(() => undefined),
    release: () => {
      taken.release()
      return Promise.resolve()
    },
  }
}

/**
 * Locks the database. Returns undefined if its disk is read-only and the announced owner is
 * running, because an owner that opened the file earlier still responds.
 */
function lockUnlessReadOnly({ database, owner }: ProjectPaths, rangeLock: RangeLock): FileLock | undefined {
  try {
    return lockFile(database, rangeLock)
  } catch (thrown) {
    const announced = readOwnerRecord(owner)
    if (systemCode(thrown) === 'EROFS' && announced !== undefined && lives(announced)) return undefined
    throw thrown
  }
}

async function takeDirectory(paths: ProjectPaths): Promise<Held | undefined> {
  const owner = readOwnerRecord(paths.owner)
  if (owner?.lock === 'kernel' && lives(owner)) return undefined
  const { promise: lost, resolve: onLost } = Promise.withResolvers<undefined>()
  const taken = await takeLockDirectory(paths.database, () => onLost(undefined))
  if (taken === undefined) return undefined
  return { kind: 'lockfile', lost, release: () => taken.release().catch(() => undefined) }
}

const ownsOther = ({ pid, processStart }: OwnerRecord): boolean =>
  pid !== process.pid && processStart !== null && sameProcessAlive({ pid, started: processStart })

/**
 * True if the process is still running. If the operating system did not report its start time, only
 * the pid is checked.
 */
function lives({ pid, processStart }: OwnerRecord): boolean {
  return processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })
}

/**
 * A lock that consists of a folder next to the file, for systems on which the kernel's locks are
 * not available.
 */
interface LockDirectory {
  release(): Promise<void>
}

/** Returns true if a running owner holds the lock folder of `path`. */
async function lockDirectoryHeld(path: string): Promise<boolean> {
  const lockfile = await load()
  return lockfile.check(path, { stale: STALE_MS, realpath: false })
}

/**
 * Takes the lock folder of `path`. Returns undefined if another process holds it. `onLost` is
 * called if the folder later turns out to belong to another process. Two processes that find the
 * same stale folder would both take it over, and one of them would remove the other's new folder.
 * The folder is therefore examined only while a second lock is held.
 */
async function takeLockDirectory(path: string, onLost: () => void): Promise<LockDirectory | undefined> {
  if (await lockDirectoryHeld(path)) return undefined
  const turn = await tryLock(`${path}.takeover`, () => undefined)
  if (turn === undefined) return undefined
  try {
    const release = await tryLock(path, onLost)
    return release === undefined ? undefined : { release }
  } finally {
    await turn().catch(() => undefined)
  }
}

/**
 * Loads `proper-lockfile` only if it is needed, because the package handles the signals of the
 * process, and exits on some that Node ignores.
 */
async function load() {
  return (await import('proper-lockfile')).default
}

async function tryLock(path: string, onCompromised: () => void): Promise<(() => Promise<void>) | undefined> {
  const lockfile = await load()
  try {
    return await lockfile.lock(path, { stale: STALE_MS, update: UPDATE_MS, realpath: false, onCompromised })
  } catch (thrown) {
    if (systemCode(thrown) === 'ELOCKED') return undefined
    throw thrown
  }
}
