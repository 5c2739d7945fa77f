import type { ArtefactKind } from '../../core/process/paths.ts'
import type { Catalogue } from '../en.ts'

/** What people call a file that a run left, by its kind; the kind itself where a later version knows one more. */
export function artefactWords(kind: string, { facts }: Pick<Catalogue, 'facts'>): string {
  const names: Readonly<Record<ArtefactKind, string>> = {
    chrome: facts.chromeLog,
    console: facts.consoleLog,
    crashdumps: facts.crashDump,
    screenshots: facts.picture,
    traces: facts.trace,
    workers: facts.log,
  }
  return new Map<string, string>(Object.entries(names)).get(kind) ?? kind
}
