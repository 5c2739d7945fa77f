import type { Clock } from '../../../core/time/clock.ts'
import type { Json } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { WorkerSecrets, SiteLogin } from '../../../model/worker/worker-secrets.ts'
import type { LaunchProfile, MemberPart } from '../../../model/worker/documents.ts'
import type { RecoveryTable } from '../../../model/failure/recovery-table.ts'
import type { TraceSettings } from '../../../model/trace/trace-settings.ts'
import type { WorkerResult } from '../results/collect-result.ts'
import type { AttemptMember } from './attempt.ts'
import type { WorkerLogs } from './worker-logs.ts'
import type { WorkerLauncher } from './worker-process.ts'

export interface PoolDependencies {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /** Settings with which browsers are started. */
  readonly launch: LaunchProfile
  readonly trace: TraceSettings
  /** Longest time for which a browser is held open after a failure that asks for it. */
  readonly keepForMs: number
  readonly launchWorker: WorkerLauncher
  /** The project's credentials for sites. */
  readonly sites: readonly SiteLogin[]
  /** Variables of `.env` for workflows, which workers inherit from this process. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /**
   * Channels and secrets with which a worker can report its own crash. If absent, workers report
   * none.
   */
  readonly fallback?: Pick<WorkerSecrets, 'telling' | 'secrets'>
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
  /**
   * Returns true if the package on disk, from which workers are forked, is still that of this
   * program. If absent, it always is.
   */
  readonly packageIsOwn?: () => boolean
  /**
   * Receives the reports of workers that could not write to their logs. If absent, the reports are
   * dropped.
   */
  readonly workerLogs?: Pick<WorkerLogs, 'fail'>
}

export interface PoolEvents {
  /** Called with a member that has ended, and its result. */
  ended(member: AttemptMember, result: WorkerResult): void
  /** Called with a member whose worker exited before it began the job. The job is not affected. */
  notStarted(member: AttemptMember): void
  /** Called with the id of a worker that held a browser open and has exited. */
  closed(workerId: string): void
  /** Called after any other change to the workers. */
  changed(): void
  /** Called with the reason if worker processes cannot be started. */
  forksFail(reason: string): void
}

/** A member's part of a job, independent of the worker that runs it. */
export interface MemberWork {
  readonly part: MemberPart
  readonly file: string
  readonly input: Json
  /** Secret texts in the input. */
  readonly secrets: readonly string[]
  readonly recovery?: RecoveryTable
}
