import type { Outcome } from '../../model/job/outcome.ts'
import type { EndedAttempt, AttemptView } from './attempt-view.ts'

/** How many of a run's members must end well: all of a run that has fewer than its workflow asks for. */
export const quorumOf = ({ quorum, members }: EndedAttempt): number => Math.min(quorum, members.length)

/** Tells whether so many members have failed that those that are left cannot be enough, however they end. */
export function quorumLost(run: AttemptView): boolean {
  const failed = run.members.filter(({ outcome }) => outcome !== null && hasFailed(outcome)).length
  return failed > 0 && run.members.length - failed < quorumOf(run)
}

const hasFailed = (outcome: Outcome): boolean => 'error' in outcome
