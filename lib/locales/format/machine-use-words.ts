import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { Translator } from '../translator.ts'

/**
 * Returns texts about the memory of a worker with its browser, and about their use of the processor
 * if it is known.
 */
export function useOf(
  { memoryBytes, cpuPercent }: Pick<WorkerDocument, 'memoryBytes' | 'cpuPercent'>,
  t: Pick<Translator, 'bytes' | 'words'>,
): string[] {
  return [
    t.bytes(memoryBytes),
    ...(cpuPercent === undefined ? [] : [t.words.labels.cpu(Math.round(cpuPercent))]),
  ]
}
