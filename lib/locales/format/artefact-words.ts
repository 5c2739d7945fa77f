import type { ArtefactKind } from '../../core/process/paths.ts'
import type { Catalogue } from '../en.ts'

/**
 * Returns the name for a kind of file that a run makes. A kind that this version does not know,
 * because a later version wrote it, is returned unchanged.
 */
export function artefactWords(kind: string, { labels }: Pick<Catalogue, 'labels'>): string {
  const names: Readonly<Record<ArtefactKind, string>> = {
    chrome: labels.chromeLog,
    console: labels.consoleLog,
    crashdumps: labels.crashDump,
    screenshots: labels.picture,
    traces: labels.trace,
    workers: labels.log,
  }
  return new Map<string, string>(Object.entries(names)).get(kind) ?? kind
}
