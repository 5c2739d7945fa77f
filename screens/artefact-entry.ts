import { sanitiseLine } from '../lib/core/sanitise.ts'
import type { Artefact } from '../lib/domain/documents.ts'
import { showTraceCommand } from '../lib/domain/trace-order.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import type { RecordEntry } from './overlay-state.ts'

/** A file that a run left: its path, and of a trace the command that shows it. */
export function artefactEntry({ kind, path }: Artefact, { facts }: Catalogue): RecordEntry {
  const names = new Map([
    ['workers', facts.log],
    ['screenshots', facts.picture],
    ['traces', facts.trace],
  ])
  return {
    name: names.get(kind) ?? kind,
    text: sanitiseLine(kind === 'traces' ? showTraceCommand(path) : path),
  }
}
