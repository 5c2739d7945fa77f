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

/** Subject of a problem, which decides the exit code. */
export type ProblemKind = 'environment' | 'configuration'

/**
 * The finding of a check, in the operator's language. `remedy` is one sentence; `repaired`
 * describes the repair by `--fix`.
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

/** The examined project. Its folders may not exist yet. */
export interface ExaminedProject {
  readonly root: string
  readonly paths: ProjectPaths
  /** Absolute paths of files with secrets, existing or not. */
  readonly secretFiles: readonly string[]
  /**
   * Describes its workflows in a child process: the number of usable ones, and the broken ones with
   * the reason.
   */
  readonly describe: () => Promise<{ readonly usable: number; readonly broken: readonly BrokenWorkflow[] }>
  /** Returns its proxies, with their credentials. Throws if the proxies cannot be read. */
  readonly proxies: () => Promise<readonly Proxy[]>
  /** Returns its notification settings, with the secrets. Throws if the settings cannot be read. */
  readonly notify: () => NotifySettings | null
}

export interface DoctorWorld {
  /** Null if there is none. */
  readonly project: ExaminedProject | null
  /** The effective settings, or the defaults if the settings cannot be read. */
  readonly config: Config
  readonly configError: AutomateError | null
  /**
   * False if the project was refused because another user can change it. Nothing in the project is
   * then checked, created or repaired.
   */
  readonly isTrusted: boolean
  /** True to make repairs without risk. */
  readonly fix: boolean
  /** Places where the program searches for a browser. */
  readonly search: BrowserSearch
  readonly browser: TrialBrowser
  readonly words: DoctorWords
  readonly t: Translator
  readonly clock: Clock
  /** Prints progress of slow work, line by line. */
  readonly print: (line: string) => void
}

export interface Check {
  /** Key of its name in the catalogue. */
  readonly id: keyof DoctorWords['names']
  /** True for a check of a project, which is skipped without a project. */
  readonly ofProject: boolean
  /** Runs the check. An unexpected error is reported as a problem. */
  run(world: DoctorWorld): Finding | Promise<Finding>
}
