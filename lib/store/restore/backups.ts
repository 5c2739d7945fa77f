import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { systemCode } from '../../core/errors/errors.ts'
import { isWithin } from '../../core/process/paths.ts'
import { projectIdOf, projectIdText, projectRootOf } from '../project-id.ts'

/**
 * Matches names like `automate-2026-11-30T12-00-00-000Z-1f2e3d4c.db`, which sort by time. The last
 * part is the id of the project, which backups of earlier versions lack.
 */
const BACKUP = /^automate-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)(?:-([\da-f]{8}))?\.db$/

/** An automatic backup. */
export const Backup = z.object({
  path: z.string(),
  /** In epoch ms. */
  madeAt: z.number(),
  /** Null for a backup that an earlier version made. */
  projectId: z.int().nullable(),
})
export type Backup = z.infer<typeof Backup>

/** Returns the path for an automatic backup that is made now. */
export function backupPath(folder: string, now: number, projectId: number): string {
  const moment = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  return join(folder, `automate-${moment}-${projectIdText(projectId)}.db`)
}

/**
 * Returns the automatic backups in a folder, which several projects may share, newest first; none
 * if the folder does not exist. A backup with a time in the future comes last. Its age is unknown,
 * because the clock was ahead when it was made.
 * @throws the system's error if the folder cannot be read, because the folder may contain backups.
 */
export function listBackups(folder: string, now: number): Backup[] {
  return namesIn(folder)
    .flatMap(name => {
      const match = BACKUP.exec(name)
      if (match === null) return []
      const [, day = '', hour = '', minute = '', second = '', ms = '', id] = match
      return {
        path: join(folder, name),
        madeAt: Date.parse(`${day}${hour}:${minute}:${second}.${ms}`),
        projectId: id === undefined ? null : Number.parseInt(id, 16),
      }
    })
    .toSorted((a, b) => Number(a.madeAt > now) - Number(b.madeAt > now) || b.madeAt - a.madeAt)
}

/**
 * Returns the automatic backups of a project, newest first. A backup without an id counts if it is
 * in a folder of the project. In any other folder it counts only until the project has an id,
 * because before that no backup was compared with the database.
 */
export function ownBackups(folder: string, now: number, database: string): Backup[] {
  const own = projectIdOf(database)
  const countsUnnamed = own === null || isWithin(projectRootOf(database), folder)
  return listBackups(folder, now).filter(({ projectId }) =>
    projectId === null ? countsUnnamed : projectId === own,
  )
}

export interface Adoption {
  readonly now: number
  readonly projectId: number
  readonly madeAt: number
  /**
   * Returns the time at which a database was created, in epoch ms; undefined for a damaged file.
   */
  readonly dateOf: (path: string) => Promise<number | undefined>
}

/**
 * Adds the id of a project to the names of the backups that have none because an earlier version
 * made them. Only renames backups whose database was created at `madeAt`. Backups in a folder of
 * the project need no id (see `ownBackups`).
 */
export async function adoptBackups(
  folder: string,
  database: string,
  { now, projectId, madeAt, dateOf }: Adoption,
): Promise<void> {
  if (isWithin(projectRootOf(database), folder)) return
  for (const { path, madeAt: backedUpAt } of listBackups(folder, now).filter(one => one.projectId === null)) {
    // The origin of any other file is unknown, because it is damaged or was adopted by another
    // project in the meantime. It is not renamed.
    if ((await dateOf(path)) === madeAt) renameSync(path, backupPath(folder, backedUpAt, projectId))
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
