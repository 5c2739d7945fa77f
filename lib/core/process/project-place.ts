import { existsSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileIdentity } from '../disk/file-identity.ts'
import { AutomateError } from '../errors/errors.ts'

/** Names of configuration files. A folder that contains one of them is a project. */
export const PROJECT_MARKERS = ['automate.config.ts', 'automate.config.js', 'automate.config.mjs'] as const

/**
 * Folders that a running Chrome recreates at the old path of a moved project, relative to the
 * project, innermost first.
 */
const MADE_BY_CHROME = [join('data', 'profiles'), 'data', '.'] as const

/**
 * Location of a project, which can be moved while its processes run. A running Chrome then
 * recreates the folders of its profile at the old path, so the existence of the path does not prove
 * that the project is still there.
 */
export class ProjectPlace {
  private readonly root: string
  private identity: string | undefined

  constructor(root: string) {
    this.root = resolve(root)
    this.identity = identityOf(this.root)
  }

  /**
   * True if the project was moved or removed. Its path then does not exist, or leads to another
   * folder without a configuration file.
   */
  get isLeft(): boolean {
    const present = identityOf(this.root)
    this.identity ??= present
    if (present === undefined) return !existsSync(this.root)
    return present !== this.identity && !PROJECT_MARKERS.some(marker => existsSync(join(this.root, marker)))
  }

  /** Returns the error for an action that needs the project at its original path. */
  leftError(): AutomateError {
    return new AutomateError(
      'environment-unfit',
      `The project folder ${this.root} was moved or removed while it was in use. Move it back, or start automate-tui in its new place.`,
      { facts: { root: this.root } },
    )
  }

  /**
   * Removes the empty folders that a Chrome has recreated at the old path of a moved project,
   * because they would prevent the project from being moved back.
   */
  removeRemains(): void {
    if (!this.isLeft) return
    for (const folder of MADE_BY_CHROME) {
      try {
        rmdirSync(join(this.root, folder))
      } catch {
        // The folder does not exist, or is not empty because it contains files of others, which
        // stay.
      }
    }
  }
}

/**
 * Returns the identity of a folder; undefined if the folder does not exist or the system cannot
 * read it.
 */
function identityOf(path: string): string | undefined {
  try {
    return fileIdentity(path)
  } catch {
    return undefined
  }
}
