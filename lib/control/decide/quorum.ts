import type { Outcome } from '../../model/job/outcome.ts'
import type { EndedRun, Run } from './run.ts'

/** How many of a run's members must end well: all of a run that has fewer than its workflow asks for. */
export const quorumOf = ({ quorum, members }: EndedRun): number => Math.min(quorum, members.length)

/** Tells whether so many members have failed that those that are left cannot be enough, however they end. */
export function quorumLost(run: Run): boolean {
  const failed = run.members.filter(({ outcome }) => outcome !== null && hasFailed(outcome)).length
  return failed > 0 && run.members.length - failed < quorumOf(run)
}

const hasFailed = (outcome: Outcome): boolean => 'error' in outcome
