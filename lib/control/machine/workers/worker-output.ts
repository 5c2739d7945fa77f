import { boundFile } from '../../../core/disk/bounded-file.ts'

/**
 * Truncates the output of workers to stdout and stderr if it exceeds its limit. Never throws,
 * because such a file may have been removed.
 */
export function boundWorkerOutput(files: readonly string[], limitBytes: number): void {
  for (const file of files) {
    try {
      boundFile(file, limitBytes)
    } catch {
      // The next round follows within seconds.
    }
  }
}
