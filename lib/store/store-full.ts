import { errorCode, messageOf } from '../core/errors.ts'

/** Tells whether the store has refused a request since its disk is full: nothing of it was written, and it helps to ask again later. */
export function isStoreFull(thrown: unknown): boolean {
  return errorCode(thrown) === 'store-refused' && messageOf(thrown).includes('disk is full')
}
