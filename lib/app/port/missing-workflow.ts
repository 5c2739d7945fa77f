import type { SchedulerDocument } from '../../model/worker/documents.ts'
import type { JobSummary } from '../../model/job/job.ts'
import { CLAIMABLE_STATES } from '../../model/job/job.ts'
import type { MissingWorkflow } from '../../model/job/missing-workflow.ts'

const CLAIMABLE: ReadonlySet<string> = new Set(CLAIMABLE_STATES)

/**
 * Returns the workflow of a waiting job if that workflow cannot be loaded now, otherwise undefined.
 */
export function missingOf(
  { state, workflow }: Pick<JobSummary, 'state' | 'workflow'>,
  scheduler: Pick<SchedulerDocument, 'missing' | 'phase'> | null,
): MissingWorkflow | undefined {
  if (scheduler === null || scheduler.phase === 'stopped' || !CLAIMABLE.has(state)) return undefined
  return scheduler.missing?.find(({ name }) => name === workflow)
}
