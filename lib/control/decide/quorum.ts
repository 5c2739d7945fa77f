import type { Outcome } from '../../model/job/outcome.ts'
import type { EndedAttempt, AttemptView } from './attempt-view.ts'

/**
 * Returns how many members of a run must succeed. If the run has fewer members than its workflow
 * asks for, all must succeed.
 */
export const quorumOf = ({ quorum, members }: EndedAttempt): number => Math.min(quorum, members.length)

/** True if the quorum can no longer be reached, however the remaining members end. */
export function quorumLost(run: AttemptView): boolean {
  const failed = run.members.filter(({ outcome }) => outcome !== null && hasFailed(outcome)).length
  return failed > 0 && run.members.length - failed < quorumOf(run)
}

const hasFailed = (outcome: Outcome): boolean => 'error' in outcome
