import type { ErrorRecord } from '../../core/errors/errors.ts'

/** The fact of an error caused by the operator. */
export const BY_OPERATOR = { by: 'operator' } as const

/**
 * True if a person ended the phase or refused the workflow's request. The person knows of the
 * failure, so the failure is no alarm.
 */
export function isRefusedByOperator({ code, facts }: Pick<ErrorRecord, 'code' | 'facts'>): boolean {
  return code === 'hard-fail' && facts['by'] === BY_OPERATOR.by
}

/**
 * True if a saved login had expired. The next attempt logs in again, so the error is an alarm only
 * if the job has ended with it.
 */
export function isExpiredSavedLogin({ code, facts }: Pick<ErrorRecord, 'code' | 'facts'>): boolean {
  return code === 'session-expired' && facts['login'] === 'saved'
}
