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
  /** Longest time for which the browser of a failure is held, if the failure asks for it. */
  readonly keepForMs: number
  readonly launchWorker: WorkerLauncher
  /** Credentials of sites that the project has. */
  readonly sites: readonly SiteLogin[]
  /** Variables of `.env` for workflows, which workers inherit from this process. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Channels by which workers report their own crashes. Absent: workers report none. */
  readonly fallback?: Pick<WorkerSecrets, 'telling' | 'secrets'>
  /** Random number in [0, 1) that spreads retries. */
  readonly random: () => number
  /**
   * Returns true if the package on the disk, from which workers are forked, is still that of this
   * program. Absent: always true.
   */
  readonly packageIsOwn?: () => boolean
  /** Receives the reports of lines that workers could not log. Absent: the reports are dropped. */
  readonly workerLogs?: Pick<WorkerLogs, 'fail'>
}

export interface PoolEvents {
  /** Receives a member that has ended, and its result. */
  ended(member: AttemptMember, result: WorkerResult): void
  /** Receives a member if its worker exited before it began, so that the job is unaffected. */
  notStarted(member: AttemptMember): void
  /** Receives the id of a worker that had a held browser and has exited. */
  closed(workerId: string): void
  /** Called after any other change of the workers. */
  changed(): void
  /** Called with the reason if worker processes cannot be started. */
  forksFail(reason: string): void
}

/** Parts of a member of a job, for any worker. */
export interface MemberWork {
  readonly part: MemberPart
  readonly file: string
  readonly input: Json
  /** Secrets of the input, as texts. */
  readonly secrets: readonly string[]
  readonly recovery?: RecoveryTable
}
