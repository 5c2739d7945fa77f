import { fileIdentity } from '../../../core/disk/file-identity.ts'
import { ProjectPaths } from '../../../core/process/paths.ts'
import { LaunchDocument } from '../../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../files/documents/atomic-json.ts'
import { launchFile } from './worker-process.ts'

/**
 * True if the folder of the project was copied together with a worker's documents, and the original
 * project still has these documents. The worker then belongs to the original, so its processes must
 * not be ended here.
 */
export function isCopiedWorker(paths: ProjectPaths, workerId: string): boolean {
  try {
    const file = launchFile(paths, workerId)
    const root = readJsonIfExistsSync(file, LaunchDocument)?.root
    if (root === undefined || root === paths.root) return false
    const original = fileIdentity(launchFile(new ProjectPaths(root, { create: false }), workerId))
    return original !== undefined && original !== fileIdentity(file)
  } catch {
    return false
  }
}
