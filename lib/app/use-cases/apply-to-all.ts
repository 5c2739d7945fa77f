import { messageOf } from '../../core/errors/errors.ts'
import type { CommandResult } from '../port/snapshot.ts'

/** Does something to each job, or each row; one that refuses holds up none of the others, and the answer says how many did and why the first. */
export async function applyToAll<T>(
  those: readonly T[],
  work: (one: T) => Promise<unknown>,
): Promise<CommandResult> {
  const refusals: string[] = []
  for (const one of those) {
    try {
      await work(one)
    } catch (error) {
      refusals.push(messageOf(error))
    }
  }
  const [first] = refusals
  return first === undefined
    ? { ok: true }
    : { ok: false, message: those.length === 1 ? first : `${refusals.length}/${those.length}: ${first}` }
}
