import { AutomateError, systemCode } from '../../core/errors/errors.ts'
import { newToken } from '../../core/ids.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { kernelRangeLock, lockFile } from '../../platform/locks/file-lock.ts'
import type { FileLock, RangeLock } from '../../platform/locks/range-lock.ts'
import { identifyProcess, sameProcessAlive } from '../../platform/process/process-identity.ts'
import { placeOf, readOwnerRecord, removeOwnerRecord, writeOwnerRecord } from './owner-record.ts'
import type { OwnerRecord, LockKind, OwnerRole } from './owner-record.ts'
import { lockDirectoryHeld, takeLockDirectory } from './lock-directory.ts'

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

/** Takes the database of a project, or answers undefined when another process owns it now. Does not wait. */
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
          // A disk that turned read-only keeps it. Readers know that the announced process has ended.
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
  // A process that cannot reach the kernel's locks may own the database by its folder. The lock of another one is on a file that was removed since, which it
  // notices soon.
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

/** An owner that has the file open since before its disk turned read-only still responds: then the file is not taken. */
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
