import type { z } from 'zod'

/** What a schema says of a field that is not there, in words of a programmer. */
const NOTHING_RECEIVED = /^Invalid input: expected .*, received undefined$/

/** `"phase.index": must be …; "workers": is missing`: the fields that are wrong, and how. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(
      issue =>
        `${issue.path.length === 0 ? 'the whole value' : `"${issue.path.join('.')}"`}: ${issue.message.replace(NOTHING_RECEIVED, 'is missing')}`,
    )
    .join('; ')
}
