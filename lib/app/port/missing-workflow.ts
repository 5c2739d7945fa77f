import type { SchedulerDocument } from '../../model/worker/documents.ts'
import type { JobSummary } from '../../model/job/job.ts'
import { CLAIMABLE_STATES } from '../../model/job/job.ts'
import type { MissingWorkflow } from '../../model/job/missing-workflow.ts'

const CLAIMABLE: ReadonlySet<string> = new Set(CLAIMABLE_STATES)

/**
 * Returns the workflow that a job waits for because it cannot be loaded now; undefined if the job
 * waits for none.
 */
export function missingOf(
  { state, workflow }: Pick<JobSummary, 'state' | 'workflow'>,
  scheduler: Pick<SchedulerDocument, 'missing' | 'phase'> | null,
): MissingWorkflow | undefined {
  if (scheduler === null || scheduler.phase === 'stopped' || !CLAIMABLE.has(state)) return undefined
  return scheduler.missing?.find(({ name }) => name === workflow)
}
