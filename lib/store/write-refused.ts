import { errorCode, messageOf } from '../core/errors/errors.ts'

/**
 * Matches SQLite's error texts for a disk that is full, read-only or failing. A value that does not
 * fit causes other texts.
 */
const DISK_TAKES_NO_WRITE = /disk is full|disk I\/O error|unable to open|readonly/

/**
 * True if the store has refused a request because its disk refuses writes. Nothing of the request
 * was written, and a later retry may succeed.
 */
export function isWriteRefused(thrown: unknown): boolean {
  return errorCode(thrown) === 'store-refused' && DISK_TAKES_NO_WRITE.test(messageOf(thrown))
}
