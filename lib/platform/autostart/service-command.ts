import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/** A program that the system starts by itself and keeps running. */
export interface ServiceCommand {
  /** Absolute path of the project's folder, which is also the working directory. */
  readonly root: string
  /** Program and arguments. The program's path is absolute. */
  readonly command: readonly [program: string, ...args: string[]]
  /** Time limit of the end after a stop request. */
  readonly stopMs: number
}

/** State of a project in the system that would start it. */
export interface AutostartStatus {
  readonly installed: boolean
  /**
   * The system's own word for the state (`active`, `failed`, `Running`); empty if the service is
   * not installed.
   */
  readonly state: string
  /**
   * True only if the service is certainly not running, because some systems report the state only
   * in their user's language.
   */
  readonly stopped: boolean
  /** The running process; 0 for none, null if the system does not report it. */
  readonly pid: number | null
}

/** Lets the system start a project by itself, without a shell. */
export interface Autostart {
  readonly name: string
  /** Place of the installation: a file, or the name of a task. */
  readonly place: string
  readonly text: string
  /** Time limit for running jobs at a removal; null if the system ends them at once. */
  readonly removalMs: number | null
  /**
   * Resolves with the commands that a person must still run.
   * @throws `environment-unfit` if the system refuses.
   */
  install(): Promise<readonly string[]>
  /** Resolves with true if the service was installed. */
  uninstall(): Promise<boolean>
  status(): Promise<AutostartStatus>
}

/**
 * Returns a name such as `automate-tui-shop-1f2e3d4c`, of letters, digits and "-" only. Two
 * projects with equal folder names have different service names.
 */
export function serviceName(root: string): string {
  const folder = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|(?<!-)-+$/g, '')
    .slice(0, 40)
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 8)
  return ['automate-tui', folder, digest].filter(part => part !== '').join('-')
}
