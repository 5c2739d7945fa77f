import type { z } from 'zod'

/** Zod's message for a missing field, which is in a programmer's words. */
const NOTHING_RECEIVED = /^Invalid input: expected .*, received undefined$/

/**
 * Returns the invalid fields with their problems: `"phase.index": must be …; "workers": is
 * missing`.
 */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(
      issue =>
        `${issue.path.length === 0 ? 'the whole value' : `"${issue.path.join('.')}"`}: ${issue.message.replace(NOTHING_RECEIVED, 'is missing')}`,
    )
    .join('; ')
}
