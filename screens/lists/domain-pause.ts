import { pausesOn } from '../../lib/model/job/domains.ts'
import type { DomainPause } from '../../lib/model/job/domains.ts'
import type { SchedulerDocument } from '../../lib/model/worker/documents.ts'
import type { JobSummary } from '../../lib/model/job/job.ts'
import { CLAIMABLE_STATES } from '../../lib/model/job/job.ts'

const CLAIMABLE: ReadonlySet<string> = new Set(CLAIMABLE_STATES)

/**
 * Returns the longest pause of a domain that blocks a job at an instant; undefined if no pause
 * blocks the job.
 */
export function pauseOf(
  { state, workflow, domains }: Pick<JobSummary, 'state' | 'workflow' | 'domains'>,
  scheduler: Pick<SchedulerDocument, 'holds' | 'workflows'> | null,
  now: number,
): DomainPause | undefined {
  if (scheduler === null || !CLAIMABLE.has(state)) return undefined
  const named = scheduler.workflows.find(({ name }) => name === workflow)?.domains?.names ?? []
  return pausesOn([...named, ...domains], scheduler.holds)
    .filter(({ until }) => until > now)
    .sort((a, b) => b.until - a.until)[0]
}
