import { killSameTree } from './kill-tree.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'

/**
 * Ends the recorded processes of earlier runs that still live, with their trees, and resolves with
 * the ended ones. A process that reuses a recorded pid is not ended.
 */
export async function killOrphans(recorded: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const ended: ProcessIdentity[] = []
  for (const identity of recorded) {
    if (identity.pid !== process.pid && (await killSameTree(identity))) ended.push(identity)
  }
  return ended
}
