import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { Catalogue } from '../en.ts'

/**
 * Returns a text about a browser that is held open, with its time limit and its address for
 * DevTools; undefined if the worker holds no browser open. `time` formats an instant.
 */
export function keptWords(
  { state, kept, browser }: Pick<WorkerDocument, 'state' | 'kept' | 'browser'>,
  words: Catalogue,
  time: (at: number) => string,
): string | undefined {
  if (state !== 'kept' || kept === undefined) return undefined
  const where = browser?.devtools ?? ''
  return `${words.keptOpen(time(kept.until))}${where === '' ? '' : `, ${where}`}`
}
