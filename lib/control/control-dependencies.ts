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

/** Everything that the control layer of a project is started with. */
export interface ControlDependencies extends ControlSettings {
  /** Of role `scheduler`: whoever owns the store schedules. */
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /** Returns why lines of `log` are lost; undefined while its file takes them. Absent: always. */
  readonly logTrouble?: () => string | undefined
  readonly launch: LaunchProfile
  /** The credentials of sites that the project has. */
  readonly sites: readonly SiteLogin[]
  readonly proxies: ProxySource
  /** The words of messages. */
  readonly language: Language
  /** The program's version. */
  readonly program: string
  /** Describes the project's workflows without loading them into this process. */
  readonly describe: Describe
  /** Throws if another user can change the project's code or, with `program`, the installed package; the message has the remedy. */
  readonly requireTrust: (what: TrustSubject) => void
  /** When the first description began, should that have been before. */
  readonly describedSince?: number
  /** Only these jobs are run, and nothing else is done in the project: no schedule queues, no continuous workflow runs. */
  readonly scope?: ClaimScope
  /** Where the workflows' modules are, absolute: what changes there is read again. */
  readonly workflowFolders: readonly string[]
  /** The package that workers are forked from; absent: the one of this process. */
  readonly installed?: WatchedPackage
}

/** A running control layer: scheduler, services, and the documents that tell of them. */
export interface Control {
  /** Names of the services of continuous workflows that run, so that there is always something to do. */
  readonly continuous: readonly string[]
  /**
   * Resolves when nothing is queued or running but jobs of workflows that cannot be loaded now, and nothing is due now, by a schedule either: not while a continuous workflow runs, between two of its jobs either. From then on no
   * browser that is open to be looked at holds up a job.
   */
  untilIdle(): Promise<void>
  /** Returns the workflows that cannot be loaded now and that jobs wait for. */
  missingWorkflows(): readonly MissingWorkflow[]
  /** Claims nothing more and resolves when what runs has ended, or after `drainTimeout` if not `unlimited`, or some seconds after the last worker if the database cannot be written. */
  drain(options?: { readonly unlimited?: boolean }): Promise<void>
  /** Resolves when another version is installed whole in place of this program's, and nothing runs any more. Until then nothing is claimed. */
  replaced(): Promise<void>
  /**
   * Resolves when another version is installed, no other user can change it or the project, and nothing runs any more: the scheduler may restart into it. The jobs of
   * continuous workflows are cancelled for that, and their services queue others when they start again.
   */
  restartable(): Promise<void>
  /** Checks now that no other user can change the project or the installed package. */
  isTrusted(): boolean
  /** Resolves when the package of this program was removed, so that no job can start any more. */
  removed(): Promise<void>
  /** Goes by other settings from now on: what runs already runs on as it began. */
  apply(settings: ControlSettings): Promise<void>
  /** Ends the wait of `close` for a database that cannot be written, now or later. */
  leave(): void
  /**
   * Interrupts what runs (its jobs go on with the next scheduler), stops the services, and resolves when no worker is left.
   * @throws `store-refused` when the database could not be written for so long that the end of jobs is left to the next scheduler.
   */
  close(): Promise<void>
}
