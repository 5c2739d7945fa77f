import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { DEFAULT_RECOVERY, sameRecovery } from '../../core/errors/recovery.ts'
import type { Recovery } from '../../core/errors/recovery.ts'
import { describeIssues } from '../../model/issues.ts'
import { RecoveryRule, RecoveryTable } from '../../model/failure/recovery-table.ts'

/**
 * How a workflow answers its failures: by code, or by a function that sees each one. The function runs in the worker, so it is not asked about a failure that the
 * worker did not live to tell (`worker-exit`, a blocked process): those follow the table, or their default.
 */
export type RecoveryRules = RecoveryTable | ((failure: AutomateError) => RecoveryRule | undefined)

const isFunction = (value: unknown): value is (failure: AutomateError) => unknown =>
  typeof value === 'function'

/** A workflow's `recovery` option, whichever form it has. */
export const Rules = z.union([z.custom<(failure: AutomateError) => unknown>(isFunction), RecoveryTable], {
  error: 'must be a table such as { navigate: { retry: "now" } }, or a function of the failure',
})

/** The rules as data, for those who must not run the author's code. */
export function tableOf(rules: z.infer<typeof Rules> | undefined): RecoveryTable | undefined {
  return isFunction(rules) ? undefined : rules
}

/**
 * The answer to a failure. What the error itself says goes before the table; the function sees all and has the last word.
 * Thrown with code `workflow-invalid` when the function gives no such answer, and whatever the function throws.
 */
export function answerTo(failure: AutomateError, rules: z.infer<typeof Rules> | undefined): Recovery {
  const { code, recovery } = failure
  if (isFunction(rules)) {
    const rule = RecoveryRule.optional().safeParse(rules(failure))
    if (rule.success) return { ...recovery, ...rule.data }
    throw new AutomateError(
      'workflow-invalid',
      `The workflow's recovery function gave no recovery: ${describeIssues(rule.error)}.`,
    )
  }
  return sameRecovery(recovery, DEFAULT_RECOVERY[code]) ? { ...recovery, ...rules?.[code] } : recovery
}
