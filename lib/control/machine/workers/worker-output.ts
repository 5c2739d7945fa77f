import { boundFile } from '../../../core/disk/bounded-file.ts'

/**
 * Truncates each file with the stdout and stderr of a worker that exceeds the limit. Never throws,
 * because a file may have been removed.
 */
export function boundWorkerOutput(files: readonly string[], limitBytes: number): void {
  for (const file of files) {
    try {
      boundFile(file, limitBytes)
    } catch {
      // The next call, within seconds, tries again.
    }
  }
}
