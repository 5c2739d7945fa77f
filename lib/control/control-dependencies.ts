import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { SiteLogin } from '../domain/access.ts'
import type { LaunchProfile } from '../domain/documents.ts'
import type { ClaimScope } from '../domain/job.ts'
import type { Language } from '../locales/language.ts'
import type { Store } from '../store/store.ts'
import type { ControlSettings } from './control-settings.ts'
import type { ProxySource } from './proxies/proxy-source.ts'
import type { WatchedPackage } from './upgrade/package-watch.ts'
import type { Describe } from './workflow-catalogue.ts'

/** Everything that the control layer of a project is started with. */
export interface ControlDependencies extends ControlSettings {
  /** Of role `scheduler`: whoever owns the store schedules. */
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
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
  /** When the first description began, should that have been before. */
  readonly describedSince?: number
  /** Only these jobs are run, and nothing else is done in the project: no schedule queues, no continuous workflow runs. */
  readonly scope?: ClaimScope
  /** Where the workflows' modules are, absolute: what changes there is read again. */
  readonly workflowFolders: readonly string[]
  /** The package that workers are forked from; absent: the one of this process. */
  readonly installed?: WatchedPackage
}
