import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { DEFAULT_RECOVERY, sameRecovery } from '../../core/errors/recovery.ts'
import type { Recovery } from '../../core/errors/recovery.ts'
import { describeIssues } from '../../model/issues.ts'
import { RecoveryRule, RecoveryTable } from '../../model/failure/recovery-table.ts'

/**
 * Recovery rules of a workflow: a table by code, or a function that receives each failure. The
 * function runs in the worker, so it never receives a failure that the worker could not report
 * (`worker-exit`, a blocked process). Such a failure gets the default recovery of its code.
 */
export type RecoveryRules = RecoveryTable | ((failure: AutomateError) => RecoveryRule | undefined)

const isFunction = (value: unknown): value is (failure: AutomateError) => unknown =>
  typeof value === 'function'

/** A workflow's `recovery` option, in either form. */
export const Rules = z.union([z.custom<(failure: AutomateError) => unknown>(isFunction), RecoveryTable], {
  error: 'must be a table such as { navigate: { retry: "now" } }, or a function of the failure',
})

/**
 * Returns the rules if they are a table, for processes that must not run the author's code;
 * undefined if they are a function.
 */
export function tableOf(rules: z.infer<typeof Rules> | undefined): RecoveryTable | undefined {
  return isFunction(rules) ? undefined : rules
}

/**
 * Returns the recovery of a failure. A recovery that the error sets itself takes precedence over a
 * table. A function receives every failure, and its result takes precedence over the error.
 * @throws `workflow-invalid` if the function returns an invalid recovery; also any error of the
 * function itself.
 */
export function answerTo(failure: AutomateError, rules: z.infer<typeof Rules> | undefined): Recovery {
  const { code, recovery } = failure
  if (isFunction(rules)) {
    const rule = RecoveryRule.optional().safeParse(rules(failure))
    if (rule.success) return { ...recovery, ...rule.data }
    throw new AutomateError(
      'workflow-invalid',
      `The workflow's recovery function returned no valid recovery: ${describeIssues(rule.error)}.`,
    )
  }
  return sameRecovery(recovery, DEFAULT_RECOVERY[code]) ? { ...recovery, ...rules?.[code] } : recovery
}
