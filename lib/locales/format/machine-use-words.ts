import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { Translator } from '../translator.ts'

/** What a worker and its browser use: memory, and how busy they are where that is known. */
export function useOf(
  { memoryBytes, cpuPercent }: Pick<WorkerDocument, 'memoryBytes' | 'cpuPercent'>,
  t: Pick<Translator, 'bytes' | 'words'>,
): string[] {
  return [
    t.bytes(memoryBytes),
    ...(cpuPercent === undefined ? [] : [t.words.labels.cpu(Math.round(cpuPercent))]),
  ]
}
