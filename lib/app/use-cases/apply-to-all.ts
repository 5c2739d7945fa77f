import { messageOf } from '../../core/errors/errors.ts'
import type { CommandResult } from '../port/snapshot.ts'

/**
 * Calls `work` for each job or row, also after a refusal. If some are refused, the result contains
 * their number and the reason for the first refusal.
 */
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
