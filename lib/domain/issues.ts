import type { z } from 'zod'

/** `"phase.index": must be …; "workers": must be …`: the fields that are wrong, and how. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(
      issue =>
        `${issue.path.length === 0 ? 'the whole value' : `"${issue.path.join('.')}"`}: ${issue.message}`,
    )
    .join('; ')
}
