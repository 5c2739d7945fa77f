import { systemCode } from '../../core/errors/errors.ts'

/**
 * How old a sign of life may be. A process that works hard may be late for seconds; taken for dead too early there are two
 * owners for a moment.
 */
const STALE_MS = 10_000

/** Four signs of life before the first could be missed. */
const UPDATE_MS = 2_500

/** A lock that is a folder beside the file, for systems without locks of the kernel. */
export interface LockDirectory {
  release(): Promise<void>
}

/** Tells whether a living owner holds the lock folder of `path`. */
export async function lockDirectoryHeld(path: string): Promise<boolean> {
  const lockfile = await load()
  return lockfile.check(path, { stale: STALE_MS, realpath: false })
}

/**
 * Takes the lock folder of `path`, or answers undefined when another holds it. Two processes that find the same stale folder would
 * both take it over, one removing the other's fresh one; so whoever wants it looks at it only under a second lock.
 * `onLost` is called when the folder turns out to be another's.
 */
export async function takeLockDirectory(
  path: string,
  onLost: () => void,
): Promise<LockDirectory | undefined> {
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

/** Loaded only where it is needed: it takes over the process's signals, and ends it at some that Node ignores. */
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
