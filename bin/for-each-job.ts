import { messageOf } from '../lib/core/errors.ts'
import type { CommandResult } from '../screens/snapshot.ts'

/** Does something to each job; one that refuses holds up none of the others, and the answer says how many did and why the first. */
export async function forEachJob(
  ids: readonly number[],
  work: (id: number) => Promise<unknown>,
): Promise<CommandResult> {
  const refusals: string[] = []
  for (const id of ids) {
    try {
      await work(id)
    } catch (error) {
      refusals.push(messageOf(error))
    }
  }
  const [first] = refusals
  return first === undefined
    ? { ok: true }
    : { ok: false, message: `${refusals.length}/${ids.length}: ${first}` }
}
