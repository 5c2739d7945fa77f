import type { Clock } from '../core/time/clock.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { SiteLogin } from '../model/worker/worker-secrets.ts'
import type { LaunchProfile } from '../model/worker/documents.ts'
import type { ClaimScope } from '../model/job/job.ts'
import type { MissingWorkflow } from '../model/job/missing-workflow.ts'
import type { Language } from '../locales/language.ts'
import type { TrustSubject } from '../platform/trust/untrusted-file.ts'
import type { Store } from '../store/store.ts'
import type { ControlSettings } from './control-settings.ts'
import type { ProxySource } from './leader/admission/proxy-list.ts'
import type { WatchedPackage } from './upgrade/package-watch.ts'
import type { Describe } from './workflow-catalogue.ts'

/** Dependencies of the control layer of a project. */
export interface ControlDependencies extends ControlSettings {
  /** Store of the role `scheduler`: the owner of the store schedules. */
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /**
   * Returns the reason why lines of `log` are lost; undefined while the log file takes them.
   * Absent: undefined always.
   */
  readonly logTrouble?: () => string | undefined
  readonly launch: LaunchProfile
  /** Credentials of sites that the project has. */
  readonly sites: readonly SiteLogin[]
  readonly proxies: ProxySource
  /** Language of messages. */
  readonly language: Language
  /** Version of the program. */
  readonly program: string
  /** Describes the project's workflows without loading them into this process. */
  readonly describe: Describe
  /**
   * Throws if another user can change the project's code or, with `program`, the installed package.
   * The message has the remedy.
   */
  readonly requireTrust: (what: TrustSubject) => void
  /** Time at which the first description began, if it began before the start. */
  readonly describedSince?: number
  /** Only these jobs run. No schedule queues a job, and no continuous workflow runs. */
  readonly scope?: ClaimScope
  /** Absolute folders of the workflows' modules. Changed modules are read again. */
  readonly workflowFolders: readonly string[]
  /** Package that workers are forked from; absent: that of this process. */
  readonly installed?: WatchedPackage
}

/** A running control layer: scheduler, services, and the documents that report their state. */
export interface Control {
  /**
   * Names of the running services of continuous workflows. While there is one, the project is never
   * idle.
   */
  readonly continuous: readonly string[]
  /**
   * Resolves if nothing is queued or running, other than jobs of workflows that cannot be loaded
   * now, and no schedule is due now. Never resolves while a continuous workflow runs, not even
   * between two of its jobs. From then on a held browser delays no job.
   */
  untilIdle(): Promise<void>
  /** Returns the workflows that cannot be loaded now and that have waiting jobs. */
  missingWorkflows(): readonly MissingWorkflow[]
  /**
   * Stops claiming and resolves when all running jobs have ended. Resolves earlier after
   * `drainTimeout`, unless `unlimited`, or some seconds after the last worker if the database
   * cannot be written.
   */
  drain(options?: { readonly unlimited?: boolean }): Promise<void>
  /**
   * Resolves when another version is installed completely in place of this program and no job runs.
   * Nothing is claimed until then.
   */
  replaced(): Promise<void>
  /**
   * Resolves when the scheduler may restart into another installed version, so that no other user
   * can change it or the project and no job runs. Cancels the jobs of continuous workflows for
   * that. Their services queue others when they start again.
   */
  restartable(): Promise<void>
  /** Checks now that no other user can change the project or the installed package. */
  isTrusted(): boolean
  /** Resolves when the package of this program was removed, so that no job can start. */
  removed(): Promise<void>
  /** Applies other settings from now on. The settings of running jobs do not change. */
  apply(settings: ControlSettings): Promise<void>
  /** Ends the wait of `close` for a database that cannot be written, now or later. */
  leave(): void
  /**
   * Interrupts running jobs, which the next scheduler continues. Stops the services, and resolves
   * when no worker remains.
   * @throws `store-refused` if the database refuses writes until the wait is over, so that the next
   * scheduler must settle the jobs.
   */
  close(): Promise<void>
}
