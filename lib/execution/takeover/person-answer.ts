import type { z } from 'zod'
import { unseal } from '../../core/seal.ts'
import { addTyped } from '../../core/secrets/known-secrets.ts'
import { describeIssues } from '../../domain/issues.ts'
import { userKey } from '../../files/user-key.ts'

/** What a person told, as the workflow's schema has it; or why it is not taken, in words that do not repeat it. */
export function openAnswer<F extends z.ZodObject>(
  fields: F,
  sealed: string | undefined,
  workerId: string,
): { readonly value: z.output<F> } | { readonly problem: string } {
  if (sealed === undefined) return { problem: 'it tells nothing' }
  let told: unknown
  try {
    told = JSON.parse(unseal(sealed, userKey(), workerId))
    addTyped(told)
  } catch {
    // The text of the error could hold a part of the answer.
    return { problem: 'it cannot be read' }
  }
  const parsed = fields.safeParse(told)
  return parsed.success ? { value: parsed.data } : { problem: describeIssues(parsed.error) }
}
