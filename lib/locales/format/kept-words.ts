import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { Catalogue } from '../en.ts'

/**
 * Returns the text about a held browser: its time limit, and its address for DevTools; undefined
 * for any other worker. `time` formats an instant.
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
