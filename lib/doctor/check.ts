import type { Clock } from '../core/time/clock.ts'
import type { AutomateError } from '../core/errors/errors.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { Config } from '../config/config.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { Proxy } from '../model/proxy/proxy-address.ts'
import type { BrokenWorkflow } from '../model/job/workflow.ts'
import type { BrowserSearch } from '../execution/browser/find/browser-locations.ts'
import type { DoctorWords } from '../locales/en/doctor.ts'
import type { Translator } from '../locales/translator.ts'
import type { TrialBrowser } from './trial-browser.ts'

/** Kind of a problem, which determines the exit code. */
export type ProblemKind = 'environment' | 'configuration'

/**
 * Finding of a check, in the operator's language. `remedy` is one sentence. `repaired` describes a
 * repair that `--fix` made.
 */
export type Finding =
  | { readonly status: 'ok'; readonly message: string; readonly repaired?: string }
  | { readonly status: 'warning'; readonly message: string; readonly remedy: string }
  | {
      readonly status: 'problem'
      readonly message: string
      readonly remedy: string
      readonly kind: ProblemKind
    }

export const ok = (message: string, repaired?: string): Finding => ({
  status: 'ok',
  message,
  ...(repaired === undefined ? {} : { repaired }),
})

export const warning = (message: string, remedy: string): Finding => ({ status: 'warning', message, remedy })

export const problem = (message: string, remedy: string, kind: ProblemKind = 'environment'): Finding => ({
  status: 'problem',
  message,
  remedy,
  kind,
})

/** Project to examine. Its folders may not exist yet. */
export interface ExaminedProject {
  readonly root: string
  readonly paths: ProjectPaths
  /** Absolute paths of the files with secrets, whether or not they exist. */
  readonly secretFiles: readonly string[]
  /**
   * Describes the project's workflows in a child process. Returns the number of usable workflows,
   * and the broken ones with the reason.
   */
  readonly describe: () => Promise<{ readonly usable: number; readonly broken: readonly BrokenWorkflow[] }>
  /**
   * Returns the project's proxies, with their credentials. Throws if the proxies cannot be read.
   */
  readonly proxies: () => Promise<readonly Proxy[]>
  /**
   * Returns the project's notification settings, with the secrets. Throws if the settings cannot be
   * read.
   */
  readonly notify: () => NotifySettings | null
}

export interface DoctorWorld {
  /** Project to examine; null outside of a project. */
  readonly project: ExaminedProject | null
  /** Effective settings, or the defaults if the settings cannot be read. */
  readonly config: Config
  readonly configError: AutomateError | null
  /**
   * False if the project was refused because another user can change it. Nothing in the project is
   * then checked, created or repaired.
   */
  readonly isTrusted: boolean
  /** True to make the repairs that carry no risk (`--fix`). */
  readonly fix: boolean
  /** Places where the program searches for a browser. */
  readonly search: BrowserSearch
  readonly browser: TrialBrowser
  readonly words: DoctorWords
  readonly t: Translator
  readonly clock: Clock
  /** Prints a line about the progress of slow work. */
  readonly print: (line: string) => void
}

export interface Check {
  /** Key of the check's name in the message catalogue. */
  readonly id: keyof DoctorWords['names']
  /** True if the check examines a project. It is then skipped outside of a project. */
  readonly ofProject: boolean
  /** Runs the check. An unexpected error is reported as a problem. */
  run(world: DoctorWorld): Finding | Promise<Finding>
}
