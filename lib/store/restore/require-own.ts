import { resolve } from 'node:path'
import { AutomateError } from '../../core/errors/errors.ts'
import { isWithin } from '../../core/process/paths.ts'
import { projectIdOf, projectRootOf } from '../project-id.ts'

/** The origin of a backup. */
interface Origin {
  readonly backup: string
  /** The id of its project; null in a backup of an earlier version. */
  readonly id: number | null
  /** When its database was made, in epoch ms. */
  readonly madeAt: number
}

/** The present database. */
interface Present {
  readonly path: string
  /** In epoch ms; null when it cannot be read, or does not exist. */
  readonly madeAt: number | null
}

/**
 * Accepts a backup of this project, and any backup in a project that had no database yet.
 * @throws `usage` for a backup of another project: several projects may share one folder of backups.
 */
export function requireOwn({ backup, id, madeAt }: Origin, present: Present): void {
  const own = projectIdOf(present.path)
  if (own === null && present.madeAt === null) return
  if (id === null || own === null ? isSameDatabase() : id === own) return
  throw new AutomateError(
    'usage',
    `${backup} is a backup of another project. Nothing was changed. To use it in this project, add --from-another-project.`,
    { facts: { backup, id, own } },
  )

  /** Compares two databases of which one is of an earlier version, without an id. Nothing is known of a damaged one. */
  function isSameDatabase(): boolean {
    if (present.madeAt === madeAt) return true
    return id === null && (present.madeAt === null || isWithin(projectRootOf(present.path), resolve(backup)))
  }
}
