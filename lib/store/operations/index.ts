import type { z } from 'zod'
import { claimOperations } from './claims.ts'
import { clockGapOperations } from './clock/clock-gaps.ts'
import { clockOperations } from './clock/set-back.ts'
import { coordinationOperations } from './coordination-rows.ts'
import { counterOperations } from './counters.ts'
import { crashOperations } from './crashes.ts'
import type { Operation } from './define.ts'
import { dependencyOperations } from './dependencies.ts'
import { discoveryOperations } from './discoveries.ts'
import { domainOperations } from './domains.ts'
import { jobWaitOperations } from './job-waits.ts'
import { jobOperations } from './jobs.ts'
import { knownAttemptOperations } from './known-attempts.ts'
import { lateReportOperations } from './late-reports.ts'
import { memberOperations } from './members.ts'
import { messageOperations } from './messages.ts'
import { noticeOperations } from './notices.ts'
import { offerOperations } from './offers.ts'
import { orderOperations } from './orders.ts'
import { priorityOperations } from './priorities.ts'
import { proxyOperations } from './proxies.ts'
import { retryOperations } from './retries.ts'
import { rowOperations } from './rows.ts'
import { runOperations } from './runs.ts'
import { scheduleRunOperations } from './schedule-runs.ts'
import { scheduleOperations } from './schedules.ts'
import { serviceOperations } from './services.ts'
import { sessionOperations } from './sessions.ts'
import { sharedValueOperations } from './shared-values.ts'
import { tableOperations } from './tables.ts'
import { tellingOperations } from './tellings.ts'
import { tidyJobOperations } from './tidy-jobs.ts'
import { upkeepOperations } from './upkeep.ts'

/** Everything that the store can do. A new aggregate adds its operations here, and nowhere else. */
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
  ...orderOperations,
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

/** What an answer of the owner must be, by the operation's name. */
export const outputs: { readonly [N in OperationName]: { parseOutput(raw: unknown): OutputOf<N> } } =
  operations

/** An operation by a name that came from outside. */
export const operationsByName: ReadonlyMap<string, Operation<string, z.ZodType, z.ZodType>> = new Map(
  Object.entries(operations),
)
