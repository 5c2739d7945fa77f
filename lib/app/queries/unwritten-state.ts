import { isAutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { tryWriting } from '../../core/disk/try-writing.ts'
import { isDiskFull } from '../../files/documents/atomic-json.ts'
import type { Store } from '../../store/store.ts'
import { isWriteRefused } from '../../store/write-refused.ts'

/**
 * Error codes, in addition to those of a full disk, for a disk that refuses the writes of every
 * process.
 */
const TAKES_NO_WRITE = new Set(['EROFS', 'EIO'])

/**
 * Returns the reason why a responding scheduler cannot write its state to `folder`, as reported by
 * its store or by the operating system. Returns null if the disk accepts writes, because then the
 * scheduler itself is at fault. Does not resolve while the scheduler's process is suspended,
 * because its store does not respond.
 */
export async function unwrittenState(store: Pick<Store, 'call'>, folder: string): Promise<string | null> {
  try {
    await store.call('store.probe', {})
  } catch (error) {
    return isWriteRefused(error) ? refusalOf(error) : null
  }
  try {
    await tryWriting(folder)
    return null
  } catch (error) {
    // Other errors are ignored. Missing permission, for example, may concern only this user.
    return isDiskFull(error) || TAKES_NO_WRITE.has(systemCode(error) ?? '') ? messageOf(error) : null
  }
}

function refusalOf(error: unknown): string {
  const cause = isAutomateError(error) ? error.facts['sqlite'] : undefined
  return typeof cause === 'string' ? cause : messageOf(error)
}
