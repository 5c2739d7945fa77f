import type { CommandResult } from '../port/snapshot.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Raises or lowers the priority of jobs by a number of steps. The refusal of one job does not stop
 * the others.
 */
export async function prioritise(
  store: StoreCalls,
  ids: readonly number[],
  by: number,
): Promise<CommandResult> {
  const { changed, refused } = await store.call('jobs.prioritise', { ids: [...ids], change: { by } })
  const [first] = refused
  if (first === undefined) return { ok: true, priorities: changed.map(({ priority }) => priority) }
  return { ok: false, message: ids.length === 1 ? first : `${refused.length}/${ids.length}: ${first}` }
}
