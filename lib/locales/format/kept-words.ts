import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { Catalogue } from '../en.ts'

/** That a browser is open to be looked at, until when, and where DevTools find it; undefined for every other worker. `time` writes an instant. */
export function keptWords(
  { state, kept, browser }: Pick<WorkerDocument, 'state' | 'kept' | 'browser'>,
  words: Catalogue,
  time: (at: number) => string,
): string | undefined {
  if (state !== 'kept' || kept === undefined) return undefined
  const where = browser?.devtools ?? ''
  return `${words.keptOpen(time(kept.until))}${where === '' ? '' : `, ${where}`}`
}
