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
  /** Stems of the files of the worker's jobs. */
  readonly stems: string[] = []
  memoryBytes = 0
  /** True if the workflows were read again since the worker loaded one. */
  hasStaleCode = false
  stoppingAt: number | null = null
  keptUntil: number | null = null
  killedAt: number | null = null
  killReason: KillReason | null = null
  /** Error that prevented the write of the assignment. */
  unassigned: { readonly error: unknown } | undefined
  /** Member that the worker runs. */
  member: AttemptMember | null = null
  /** Processes of the worker and its Chrome, as named in its document. */
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

  /** Records the end of the worker's job, after which it can take another. */
  rest(memoryBytes: number, monotonic: number): void {
    this.member = null
    this.idleSince = monotonic
    this.memoryBytes = memoryBytes
  }

  /** Records the end of the worker's job, and that its browser is held. */
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
    // A sweep that fails here is repeated after the exit of the worker, and that caller receives
    // the error.
    this.sweep().catch(() => undefined)
  }

  /**
   * Ends a Chrome that the worker did not close. A stopped Chrome never notices the end of its
   * pipe.
   */
  async sweep(): Promise<void> {
    await killOrphans(this.processes)
  }
}
