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
  /** Store that was opened with the role `scheduler`. Its owner is the process that schedules. */
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /**
   * Returns the reason why lines of `log` are lost, or undefined while the log file can be written.
   * If absent, log files are not checked.
   */
  readonly logTrouble?: () => string | undefined
  readonly launch: LaunchProfile
  /** The project's credentials for sites. */
  readonly sites: readonly SiteLogin[]
  readonly proxies: ProxySource
  /** Language of notifications. */
  readonly language: Language
  /** Version of the program. */
  readonly program: string
  /** Describes the project's workflows without loading them into this process. */
  readonly describe: Describe
  /**
   * Throws if another user can change the project's code or, with `program`, the installed package.
   * The error message states the remedy.
   */
  readonly requireTrust: (what: TrustSubject) => void
  /**
   * Epoch ms at which the first reading of the workflows began, if it began before the control
   * layer was started. Files that have changed since then are read again.
   */
  readonly describedSince?: number
  /**
   * Restricts the scheduler to these jobs. No schedule queues a job, and no continuous workflow
   * runs.
   */
  readonly scope?: ClaimScope
  /** Absolute paths of the folders with the workflows' modules. Changed modules are read again. */
  readonly workflowFolders: readonly string[]
  /**
   * Installed package that workers are forked from. If absent, it is the package of this process.
   */
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
   * Resolves once nothing is queued or running and no schedule is due. Jobs of workflows that
   * cannot be loaded now do not count. Never resolves while a continuous workflow runs, not even
   * between two of its jobs. After the call, a held browser closes as soon as a job needs its slot.
   */
  untilIdle(): Promise<void>
  /** Returns the workflows that cannot be loaded now and that have waiting jobs. */
  missingWorkflows(): readonly MissingWorkflow[]
  /**
   * Stops claiming jobs, and resolves when all running jobs have ended. Resolves earlier if
   * `drainTimeout` is over (unless `unlimited` is true), or some seconds after the last worker has
   * ended if the database cannot be written.
   */
  drain(options?: { readonly unlimited?: boolean }): Promise<void>
  /**
   * Resolves when another version is completely installed in place of this program and no job is
   * running. No job is claimed from the moment at which the replacement begins.
   */
  replaced(): Promise<void>
  /**
   * Resolves when the scheduler can restart into another installed version. This requires that no
   * job is running, and that no other user can change the project or the installed package.
   * Therefore cancels the jobs of continuous workflows. Their services queue new jobs when they
   * start again.
   */
  restartable(): Promise<void>
  /**
   * Checks now, and returns true if no other user can change the project or the installed package.
   */
  isTrusted(): boolean
  /** Resolves when the package of this program has been removed, so that no job can start. */
  removed(): Promise<void>
  /** Applies new settings. The settings of running jobs do not change. */
  apply(settings: ControlSettings): Promise<void>
  /**
   * Ends the current wait of `close` for a database that cannot be written, and prevents later
   * waits.
   */
  leave(): void
  /**
   * Interrupts running jobs, which the next scheduler continues. Stops the services, and resolves
   * when no worker remains.
   * @throws `store-refused` if the database refuses writes until the wait ends, so that the next
   * scheduler must settle the jobs.
   */
  close(): Promise<void>
}
