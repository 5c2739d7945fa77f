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
  /** Time for which the browser of a failure stays open, if the failure asks for it. */
  readonly keepForMs: number
  readonly launchWorker: WorkerLauncher
  /** The credentials of sites that the project has. */
  readonly sites: readonly SiteLogin[]
  /** Variables of `.env` for workflows: workers inherit them from this process. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Channels by which workers report their own crashes; without them they report none. */
  readonly fallback?: Pick<WorkerSecrets, 'telling' | 'secrets'>
  /** In [0, 1); spreads retries. */
  readonly random: () => number
  /** Returns whether the package on the disk is still this program's: workers are forked from it. Absent: always. */
  readonly packageIsOwn?: () => boolean
  /** Receives the reports of lines that workers could not log. Absent: the reports are dropped. */
  readonly workerLogs?: Pick<WorkerLogs, 'fail'>
}

export interface PoolEvents {
  /** A member has ended; what was left of it has been read. */
  ended(member: AttemptMember, result: WorkerResult): void
  /** A worker that had been given a member was gone before it began: nothing of the job has happened. */
  notStarted(member: AttemptMember): void
  /** A worker whose browser was open to be looked at is gone. */
  closed(workerId: string): void
  /** Something else about the workers is different. */
  changed(): void
  /** Worker processes cannot be started any more, for this reason. */
  forksFail(reason: string): void
}

/** Parts of a member of a job, for any worker. */
export interface MemberWork {
  readonly part: MemberPart
  readonly file: string
  readonly input: Json
  /** The secrets of the input, as texts. */
  readonly secrets: readonly string[]
  readonly recovery?: RecoveryTable
}
