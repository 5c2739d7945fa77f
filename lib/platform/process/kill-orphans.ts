import { killSameTree } from './kill-tree.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'

/**
 * Ends, with their trees, those processes recorded by earlier runs that still live; resolves with the ones it ended.
 * A pid that another process has by now is left alone.
 */
export async function killOrphans(recorded: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const ended: ProcessIdentity[] = []
  for (const identity of recorded) {
    if (identity.pid !== process.pid && (await killSameTree(identity))) ended.push(identity)
  }
  return ended
}
