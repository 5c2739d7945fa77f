import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/** Program that the operating system's service manager starts and keeps running. */
export interface ServiceCommand {
  /** Absolute path of the project's folder, which is also the working directory. */
  readonly root: string
  /** Absolute path of the program, followed by its arguments. */
  readonly command: readonly [program: string, ...args: string[]]
  /** Time in which the program must end after a stop request, in milliseconds. */
  readonly stopMs: number
}

/** State of a project in the operating system's service manager. */
export interface AutostartStatus {
  readonly installed: boolean
  /**
   * The service manager's own word for the state (`active`, `failed`, `Running`); empty if the
   * service is not installed.
   */
  readonly state: string
  /**
   * True only if the service is certainly not running. Some systems report the state only in the
   * user's language, so the state can be unknown.
   */
  readonly stopped: boolean
  /** Pid of the running process; 0 if there is none, null if the system does not report it. */
  readonly pid: number | null
}

/**
 * Installs a project in the operating system's service manager, which starts it without a shell.
 */
export interface Autostart {
  readonly name: string
  /** Location of the installation: a file, or the name of a task. */
  readonly place: string
  readonly text: string
  /**
   * Time that a removal gives the scheduler to end its jobs, in milliseconds; null if the system
   * kills it at once.
   */
  readonly removalMs: number | null
  /**
   * Installs and starts the service. Resolves with the commands that a person must still run.
   * @throws `environment-unfit` if the system refuses.
   */
  install(): Promise<readonly string[]>
  /** Stops and removes the service. Resolves with false if it was not installed. */
  uninstall(): Promise<boolean>
  status(): Promise<AutostartStatus>
}

/**
 * Returns the name of a project's service, such as `automate-tui-shop-1f2e3d4c`, of letters, digits
 * and "-" only. Projects whose folders have the same name have different service names.
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
