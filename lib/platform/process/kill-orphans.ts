import { killSameTree } from './kill-tree.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'

/**
 * Kills the recorded processes of earlier runs that are still alive, each with its process tree,
 * and resolves with the killed ones. A process that reuses a recorded pid is not killed.
 */
export async function killOrphans(recorded: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const ended: ProcessIdentity[] = []
  for (const identity of recorded) {
    if (identity.pid !== process.pid && (await killSameTree(identity))) ended.push(identity)
  }
  return ended
}
