import type { LaunchDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import type { ProcessIdentity } from '../../../model/worker/process-identity.ts'
import { killOrphans } from '../../../platform/process/kill-orphans.ts'
import { memberStem } from '../../../files/artefact-stem.ts'
import type { WorkerView, Binding } from '../../decide/worker-view.ts'
import type { AttemptMember } from './attempt.ts'
import type { KillReason } from '../../decide/scheduler-view.ts'
import type { WorkerProcess } from './worker-process.ts'

/** A worker process of the pool, from its fork to its exit. */
export class WorkerHandle implements WorkerView {
  readonly launch: LaunchDocument
  readonly launchKey: string
  readonly process: WorkerProcess
  readonly forkedAt: number
  ready = false
  serves: Binding | null = null
  idleSince: number | null
  jobs = 0
  /** Stems of the file names of the worker's jobs. */
  readonly stems: string[] = []
  memoryBytes = 0
  /** True if the code that the worker has loaded is out of date. */
  hasStaleCode = false
  stoppingAt: number | null = null
  keptUntil: number | null = null
  killedAt: number | null = null
  killReason: KillReason | null = null
  /** Error that prevented the assignment from being written; undefined if there was none. */
  unassigned: { readonly error: unknown } | undefined
  /** Member that the worker is running; null if it has no job. */
  member: AttemptMember | null = null
  /** Processes of the worker and its Chrome, as its document names them. */
  private processes: readonly ProcessIdentity[] = []
  private readonly hasStaleSettings: () => boolean

  constructor(
    launch: LaunchDocument,
    key: string,
    process: WorkerProcess,
    forkedAt: number,
    hasOldSettings: () => boolean,
  ) {
    this.launch = launch
    this.launchKey = key
    this.process = process
    this.forkedAt = forkedAt
    this.hasStaleSettings = hasOldSettings
    this.idleSince = forkedAt
  }

  get stale(): boolean {
    return this.hasStaleCode || this.hasStaleSettings()
  }

  get workerId(): string {
    return this.launch.workerId
  }

  /** Applies the worker's document. */
  onState(document: WorkerDocument, monotonic: number): void {
    this.processes = document.processes
    this.member?.onState(document, monotonic)
  }

  begin(member: AttemptMember, serves: Binding): void {
    this.member = member
    this.serves = serves
    this.idleSince = null
    this.jobs++
    this.stems.push(memberStem(member.assignment))
  }

  /** Records the end of the worker's job. The worker can take another job. */
  rest(memoryBytes: number, monotonic: number): void {
    this.member = null
    this.idleSince = monotonic
    this.memoryBytes = memoryBytes
  }

  /**
   * Records the end of the worker's job. The worker's browser is held open until `until` at the
   * latest.
   */
  keep(until: number): void {
    this.member = null
    this.keptUntil = until
  }

  retire(monotonic: number): void {
    this.stoppingAt = monotonic
    this.process.stop('restart')
  }

  kill(reason: KillReason, at: number): void {
    this.killReason ??= reason
    this.killedAt = at
    this.process.kill()
    // If this sweep fails, it is repeated after the exit of the worker, where the error is logged.
    this.sweep().catch(() => undefined)
  }

  /**
   * Ends a Chrome that the worker did not close. A Chrome that is stopped by a signal does not
   * notice that its pipe was closed.
   */
  async sweep(): Promise<void> {
    await killOrphans(this.processes)
  }
}
