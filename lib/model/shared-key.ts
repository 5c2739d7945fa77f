import { z } from 'zod'
import { AutomateError } from '../core/errors/errors.ts'

/** Most characters of a key, because the database finds values by their keys. */
const MAX_CHARACTERS = 200

/** Characters of a wrong key that its message shows. */
const SHOWN_CHARACTERS = 40

/** Key of a value that workers share, name of a counter or a map, or mark of a count. */
export const SharedKey = z.string().min(1).max(MAX_CHARACTERS)

/**
 * Returns the key of an author's call, checked before the store receives it. `what` names the key:
 * `key`, `name` or `mark`.
 * @throws `workflow-invalid` if the key is no text of 1 to 200 characters.
 */
export function requireKey(call: string, what: string, key: unknown): string {
  const parsed = SharedKey.safeParse(key)
  if (parsed.success) return parsed.data
  const got =
    typeof key === 'string' && key !== ''
      ? `${key.length}: "${key.slice(0, SHOWN_CHARACTERS)}…". Use a hash of the text as the ${what}`
      : key === ''
        ? '""'
        : typeof key
  const message = `${call}: a ${what} has 1 to ${MAX_CHARACTERS} characters, got ${got}.`
  throw new AutomateError('workflow-invalid', message)
}
