import type { ArtefactKind } from '../../core/process/paths.ts'
import type { Catalogue } from '../en.ts'

/** What people call a file that a run left, by its kind; the kind itself where a later version knows one more. */
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
