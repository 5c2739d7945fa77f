import type { z } from 'zod'
import { claimOperations } from './jobs/claims.ts'
import { clockGapOperations } from './clock/clock-gaps.ts'
import { clockOperations } from './clock/set-back.ts'
import { coordinationOperations } from './coordination/attempt-cleanup.ts'
import { counterOperations } from './coordination/counters.ts'
import { crashOperations } from './notify/crashes.ts'
import type { Operation } from './define.ts'
import { dependencyOperations } from './jobs/dependencies.ts'
import { discoveryOperations } from './coordination/discoveries.ts'
import { domainOperations } from './domains.ts'
import { jobWaitOperations } from './jobs/job-waits.ts'
import { jobOperations } from './jobs/jobs.ts'
import { knownAttemptOperations } from './coordination/known-attempts.ts'
import { lateReportOperations } from './notify/late-reports.ts'
import { memberOperations } from './jobs/members.ts'
import { messageOperations } from './notify/messages.ts'
import { noticeOperations } from './notify/notices.ts'
import { offerOperations } from './jobs/offers.ts'
import { workerCommandOperations } from './worker-commands.ts'
import { priorityOperations } from './jobs/priorities.ts'
import { proxyOperations } from './proxies.ts'
import { retryOperations } from './jobs/retries.ts'
import { rowOperations } from './maintenance/rows.ts'
import { runOperations } from './jobs/runs.ts'
import { scheduleRunOperations } from './schedules/schedule-runs.ts'
import { scheduleOperations } from './schedules/schedules.ts'
import { serviceOperations } from './services.ts'
import { sessionOperations } from './logins/sessions.ts'
import { sharedValueOperations } from './coordination/shared-values.ts'
import { tableOperations } from './maintenance/tables.ts'
import { tellingOperations } from './notify/crash-deliveries.ts'
import { tidyJobOperations } from './maintenance/tidy-jobs.ts'
import { upkeepOperations } from './maintenance/upkeep.ts'

/** All operations of the store. The operations of a new aggregate need to be added only here. */
export const operations = {
  ...claimOperations,
  ...clockGapOperations,
  ...clockOperations,
  ...coordinationOperations,
  ...counterOperations,
  ...crashOperations,
  ...dependencyOperations,
  ...discoveryOperations,
  ...domainOperations,
  ...jobOperations,
  ...jobWaitOperations,
  ...knownAttemptOperations,
  ...lateReportOperations,
  ...memberOperations,
  ...messageOperations,
  ...noticeOperations,
  ...offerOperations,
  ...workerCommandOperations,
  ...priorityOperations,
  ...proxyOperations,
  ...retryOperations,
  ...rowOperations,
  ...runOperations,
  ...scheduleOperations,
  ...scheduleRunOperations,
  ...serviceOperations,
  ...sessionOperations,
  ...sharedValueOperations,
  ...tableOperations,
  ...tellingOperations,
  ...tidyJobOperations,
  ...upkeepOperations,
}

type Operations = typeof operations

export type OperationName = keyof Operations
export type InputOf<N extends OperationName> = z.input<Operations[N]['input']>
export type OutputOf<N extends OperationName> = z.output<Operations[N]['output']>

/** Parsers of the owner's replies, by the name of the operation. */
export const outputs: { readonly [N in OperationName]: { parseOutput(raw: unknown): OutputOf<N> } } =
  operations

/** Operations by name, for a name that was received from outside and may be unknown. */
export const operationsByName: ReadonlyMap<string, Operation<string, z.ZodType, z.ZodType>> = new Map(
  Object.entries(operations),
)
