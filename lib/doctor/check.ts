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

/** What a problem is about: it decides the exit code. */
export type ProblemKind = 'environment' | 'configuration'

/** What a check found, in the operator's language. `remedy` is one sentence; `repaired` says what `--fix` did. */
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

/** The project that is examined. Its folders may not be there yet. */
export interface ExaminedProject {
  readonly root: string
  readonly paths: ProjectPaths
  /** Files in which secrets stand, absolute, existing or not. */
  readonly secretFiles: readonly string[]
  /** Describes its workflows in a child process: how many can be used, and those that cannot, with the reason. */
  readonly describe: () => Promise<{ readonly usable: number; readonly broken: readonly BrokenWorkflow[] }>
  /** Its proxies, with their credentials. Thrown: whatever keeps them from being read. */
  readonly proxies: () => Promise<readonly Proxy[]>
  /** Whom it tells of failures, with the secrets. Thrown: what keeps them from being read. */
  readonly notify: () => NotifySettings | null
}

export interface DoctorWorld {
  /** Null where there is none. */
  readonly project: ExaminedProject | null
  /** The effective settings; the defaults where they cannot be read. */
  readonly config: Config
  readonly configError: AutomateError | null
  /** False if the project was refused because another user can change it: nothing in it is checked, made or repaired. */
  readonly isTrusted: boolean
  /** Whether to repair what can be repaired without risk. */
  readonly fix: boolean
  /** Places where the program searches for a browser. */
  readonly search: BrowserSearch
  readonly browser: TrialBrowser
  readonly words: DoctorWords
  readonly t: Translator
  readonly clock: Clock
  /** Hears what takes long, line by line. */
  readonly print: (line: string) => void
}

export interface Check {
  /** Its name stands under this in the catalogue. */
  readonly id: keyof DoctorWords['names']
  /** Whether it looks at a project: without one it is left out. */
  readonly ofProject: boolean
  /** What it throws was not foreseen, and is told as a problem. */
  run(world: DoctorWorld): Finding | Promise<Finding>
}
