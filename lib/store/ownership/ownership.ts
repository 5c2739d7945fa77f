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
 * How old a sign of life may be. A process that works hard may be late for seconds; taken for dead
 * too early there are two owners for a moment.
 */
const STALE_MS = 10_000
/** Four signs of life before the first could be missed. */
const UPDATE_MS = 2_500

/** The right to open the database, with its announcement in place. */
export interface Ownership {
  readonly announcement: OwnerRecord
  /** Resolves when the lock turns out to be another's; never with a lock of the kernel. */
  readonly lost: Promise<void>
  /** Releases the lock, and withdraws the announcement if it can be removed. */
  release(): Promise<void>
}

export interface Claim {
  readonly paths: ProjectPaths
  readonly role: OwnerRole
  readonly now: number
  /** Makes the address of the endpoint, once the lock is held. */
  readonly makeEndpoint: () => string
  /** Which lock to use; without it the kernel's where it can be reached. */
  readonly lock?: LockKind | undefined
}

interface Held {
  readonly kind: LockKind
  readonly lost: Promise<void>
  release(): Promise<void>
}

/**
 * Takes the database of a project, or answers undefined when another process owns it now. Does not
 * wait.
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
          // A disk that turned read-only keeps it. Readers know that the announced process has
          // ended.
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
        'This system gives no locks of its kernel: koffi did not load.',
      )
    }
    return takeDirectory(paths)
  }
  const taken = lockUnlessReadOnly(paths, rangeLock)
  if (taken === undefined) return undefined
  const owner = readOwnerRecord(paths.owner)
  // A process that cannot reach the kernel's locks may own the database by its folder. The lock of
  // another one is on a file that was removed since, which it notices soon.
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
 * An owner that has the file open since before its disk turned read-only still responds: then the
 * file is not taken.
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

/** Where the system did not tell when the owner started, its pid has to do. */
function lives({ pid, processStart }: OwnerRecord): boolean {
  return processStart === null
    ? identifyProcess(pid) !== undefined
    : sameProcessAlive({ pid, started: processStart })
}

/** A lock that is a folder beside the file, for systems without locks of the kernel. */
interface LockDirectory {
  release(): Promise<void>
}

/** Tells whether a living owner holds the lock folder of `path`. */
async function lockDirectoryHeld(path: string): Promise<boolean> {
  const lockfile = await load()
  return lockfile.check(path, { stale: STALE_MS, realpath: false })
}

/**
 * Takes the lock folder of `path`, or answers undefined when another holds it. Two processes that
 * find the same stale folder would both take it over, one removing the other's fresh one; so
 * whoever wants it looks at it only under a second lock. `onLost` is called when the folder turns
 * out to be another's.
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
 * Loaded only where it is needed: it takes over the process's signals, and ends it at some that
 * Node ignores.
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
