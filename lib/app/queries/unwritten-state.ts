import { isAutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { tryWriting } from '../../core/disk/try-writing.ts'
import { isDiskFull } from '../../files/documents/atomic-json.ts'
import type { Store } from '../../store/store.ts'
import { isWriteRefused } from '../../store/write-refused.ts'

/** Codes of a disk that takes no write from any process, in addition to those of a full disk. */
const TAKES_NO_WRITE = new Set(['EROFS', 'EIO'])

/**
 * Returns the reason why a responding scheduler cannot write its state into `folder`, as its store
 * or the system reports it. Null if the disk takes writes, so that the scheduler itself is at
 * fault. Does not resolve while the scheduler is stopped, because its store does not respond.
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
    // A lack of permission may concern this user only.
    return isDiskFull(error) || TAKES_NO_WRITE.has(systemCode(error) ?? '') ? messageOf(error) : null
  }
}

function refusalOf(error: unknown): string {
  const cause = isAutomateError(error) ? error.facts['sqlite'] : undefined
  return typeof cause === 'string' ? cause : messageOf(error)
}
