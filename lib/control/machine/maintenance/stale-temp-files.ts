import type { ProjectPaths } from '../../../core/process/paths.ts'
import { sweepTemporaryFiles } from '../../../files/sweep.ts'

/** Removes what writers left half done that were killed while they wrote a document; answers how much that was. A moment far in the future spares none. */
export function removeStaleTempFiles(paths: ProjectPaths, now: number): number {
  const { state, workerStates, serviceStates, assignments, results, crashes, pictures, reports } = paths
  const folders = [state, workerStates, serviceStates, assignments, results, crashes, pictures, reports]
  return folders.reduce((count, folder) => count + sweepTemporaryFiles(folder, now).length, 0)
}
