import type { ProjectPaths } from '../../../core/process/paths.ts'
import { sweepTemporaryFiles } from '../../../files/sweep.ts'

/**
 * Removes temporary files of killed writers, and returns their number. Pass `Infinity` as `now` to
 * remove temporary files of any age.
 */
export function removeStaleTempFiles(paths: ProjectPaths, now: number): number {
  const { state, workerStates, serviceStates, assignments, results, crashes, pictures, reports } = paths
  const folders = [state, workerStates, serviceStates, assignments, results, crashes, pictures, reports]
  return folders.reduce((count, folder) => count + sweepTemporaryFiles(folder, now).length, 0)
}
