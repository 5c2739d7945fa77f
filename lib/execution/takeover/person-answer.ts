import type { z } from 'zod'
import type { Json } from '../../core/errors/errors.ts'
import { unseal } from '../../core/seal.ts'
import { addTyped, knownSecrets } from '../../core/secrets/known-secrets.ts'
import { describeIssues } from '../../model/issues.ts'
import { JsonValue, jsonFault } from '../../model/json.ts'
import { passwordsIn } from '../../model/secrets/schema-passwords.ts'
import { userKey } from '../../files/user-key.ts'

/**
 * Opens a person's sealed reply. Returns the reply, parsed by the workflow's schema, or the reason
 * for its refusal, which does not repeat the reply. `schema` is `fields` as JSON Schema.
 */
export function openAnswer<F extends z.ZodObject>(
  fields: F,
  schema: Readonly<Record<string, Json>>,
  sealed: string | undefined,
  workerId: string,
): { readonly value: z.output<F> } | { readonly problem: string } {
  if (sealed === undefined) return { problem: 'it contains no answer' }
  let parsedAnswer: unknown
  try {
    const json = JsonValue.parse(JSON.parse(unseal(sealed, userKey(), workerId)))
    addTyped(json)
    knownSecrets.add(passwordsIn(schema, json))
    parsedAnswer = json
  } catch {
    // The text of the error could contain a part of the reply.
    return { problem: 'it cannot be read' }
  }
  const parsed = fields.safeParse(parsedAnswer)
  if (!parsed.success) return { problem: describeIssues(parsed.error) }
  // The schema may have converted the text to a number, without its leading zeros.
  if (jsonFault(parsed.data) === undefined) addTyped(parsed.data)
  return { value: parsed.data }
}
