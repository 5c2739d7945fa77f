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
  /** The stems of the files of its jobs. */
  readonly stems: string[] = []
  memoryBytes = 0
  /** The workflows were read again since it loaded one of them. */
  hasStaleCode = false
  stoppingAt: number | null = null
  keptUntil: number | null = null
  killedAt: number | null = null
  killReason: KillReason | null = null
  /** Its assignment could not be written. */
  unassigned: { readonly error: unknown } | undefined
  /** What it runs. */
  member: AttemptMember | null = null
  /** The worker and its Chrome, as its document names them. */
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

  /** Takes in what its document says now. */
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

  /** Its job has ended, and it can take another. */
  rest(memoryBytes: number, monotonic: number): void {
    this.member = null
    this.idleSince = monotonic
    this.memoryBytes = memoryBytes
  }

  /** Its job has ended; its browser stays open to be looked at. */
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
    // What cannot be swept now is swept when the worker's process is gone, and whoever waits for that hears the error.
    this.sweep().catch(() => undefined)
  }

  /** Ends a Chrome that its worker did not close: a stopped one never notices that its pipe is gone. */
  async sweep(): Promise<void> {
    await killOrphans(this.processes)
  }
}
