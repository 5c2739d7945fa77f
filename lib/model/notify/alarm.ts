import type { ErrorRecord } from '../../core/errors/errors.ts'

/** Fact of an error that the operator caused. */
export const BY_OPERATOR = { by: 'operator' } as const

/**
 * True if a person failed the phase, or refused the workflow's request. People are not notified of
 * such an error, because that person knows of it.
 */
export function isRefusedByOperator({ code, facts }: Pick<ErrorRecord, 'code' | 'facts'>): boolean {
  return code === 'hard-fail' && facts['by'] === BY_OPERATOR.by
}

/**
 * True if a saved login had expired. Because the next attempt logs in again, people are notified of
 * the error only if the job has ended with it.
 */
export function isExpiredSavedLogin({ code, facts }: Pick<ErrorRecord, 'code' | 'facts'>): boolean {
  return code === 'session-expired' && facts['login'] === 'saved'
}
