import { boundFile } from '../../../core/disk/bounded-file.ts'

/** Cuts what workers print to their stdout and stderr, as far as that has outgrown its limit. Never throws: such a file may be gone already. */
export function boundWorkerOutput(files: readonly string[], limitBytes: number): void {
  for (const file of files) {
    try {
      boundFile(file, limitBytes)
    } catch {
      // The next round comes in seconds.
    }
  }
}
