import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Artefact } from '../../lib/model/worker/documents.ts'
import { showTraceCommand } from '../../lib/model/trace/trace-settings.ts'
import { artefactWords } from '../../lib/locales/format/artefact-words.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'

/**
 * Returns the entry of a file that a run made: its path, and for a trace the command that shows it.
 */
export function artefactEntry({ kind, path }: Artefact, words: Catalogue): RecordEntry {
  return {
    name: artefactWords(kind, words),
    text: sanitiseLine(kind === 'traces' ? showTraceCommand(path) : path),
  }
}
