import type { ArtefactKind } from '../../core/process/paths.ts'
import type { Catalogue } from '../en.ts'

/**
 * Returns the name of a file that a run made, by its kind. Returns the kind itself if it comes from
 * a later version.
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
