import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/** A program that the system starts by itself, and keeps running. */
export interface ServiceCommand {
  /** The project's folder, absolute: it is the working directory, too. */
  readonly root: string
  /** Program and arguments, the program absolute. */
  readonly command: readonly [program: string, ...args: string[]]
  /** How long it may take to end when it is asked to. */
  readonly stopMs: number
}

/** How a project stands with the system that would start it by itself. */
export interface AutostartStatus {
  readonly installed: boolean
  /** In the system's own word (`active`, `failed`, `Running`); empty when it is not installed. */
  readonly state: string
  /** It does not run, for certain: some systems say it in the language of their user alone. */
  readonly stopped: boolean
  /** The process that it runs; 0 when it runs none, null where the system does not tell. */
  readonly pid: number | null
}

/** Lets the system start a project by itself, without a shell in between. */
export interface Autostart {
  readonly name: string
  /** What is written, and where: a file, or the name of a task. */
  readonly place: string
  readonly text: string
  /** How long what runs may take to end when it is removed; null where the system ends it at once. */
  readonly removalMs: number | null
  /** Resolves with what still has to be done by hand: commands. Thrown with code `environment-unfit` when the system refuses. */
  install(): Promise<readonly string[]>
  /** Resolves with whether there was anything to remove. */
  uninstall(): Promise<boolean>
  status(): Promise<AutostartStatus>
}

/** `automate-tui-shop-1f2e3d4c`: two projects whose folders have one name are two services. Letters, digits and "-" alone. */
export function serviceName(root: string): string {
  const folder = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|(?<!-)-+$/g, '')
    .slice(0, 40)
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 8)
  return ['automate-tui', folder, digest].filter(part => part !== '').join('-')
}
