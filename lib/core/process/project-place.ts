import { existsSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileIdentity } from '../disk/file-identity.ts'
import { AutomateError } from '../errors/errors.ts'

/** Names of configuration files. A folder with such a file is a project. */
export const PROJECT_MARKERS = ['automate.config.ts', 'automate.config.js', 'automate.config.mjs'] as const

/** Folders that a Chrome makes again at the old path of its profile, the innermost first. */
const MADE_BY_CHROME = [join('data', 'profiles'), 'data', '.'] as const

/**
 * Place of a project, which can be renamed while its processes run. A Chrome then makes the folders
 * of its profile again at the old path, so the path alone does not prove that the project is there.
 */
export class ProjectPlace {
  private readonly root: string
  private identity: string | undefined

  constructor(root: string) {
    this.root = resolve(root)
    this.identity = identityOf(this.root)
  }

  /**
   * True if the project was moved or removed, so that its path leads to nothing, or to another
   * folder without a configuration.
   */
  get isLeft(): boolean {
    const present = identityOf(this.root)
    this.identity ??= present
    if (present === undefined) return !existsSync(this.root)
    return present !== this.identity && !PROJECT_MARKERS.some(marker => existsSync(join(this.root, marker)))
  }

  /** Returns the error of an action that needs the project at its path. */
  leftError(): AutomateError {
    return new AutomateError(
      'environment-unfit',
      `The project folder ${this.root} was moved or removed while it was in use. Move it back, or start automate-tui in its new place.`,
      { facts: { root: this.root } },
    )
  }

  /**
   * Removes the empty folders that a Chrome made at the path that the project has left, because
   * they would prevent its return.
   */
  removeRemains(): void {
    if (!this.isLeft) return
    for (const folder of MADE_BY_CHROME) {
      try {
        rmdirSync(join(this.root, folder))
      } catch {
        // The folder does not exist, or is not empty. Files of others stay.
      }
    }
  }
}

/** Returns the identity of a folder; undefined also if the system does not report it. */
function identityOf(path: string): string | undefined {
  try {
    return fileIdentity(path)
  } catch {
    return undefined
  }
}
