import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { systemCode } from '../../core/errors/errors.ts'
import { isWithin } from '../../core/process/paths.ts'
import { projectIdOf, projectIdText, projectRootOf } from '../project-id.ts'

/**
 * `automate-2026-11-30T12-00-00-000Z-1f2e3d4c.db`: in the order of their names these are in the
 * order of time. The end is the id of the project, which backups of earlier versions do not have.
 */
const BACKUP = /^automate-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)(?:-([\da-f]{8}))?\.db$/

/** An automatic backup. */
export const Backup = z.object({
  path: z.string(),
  /** In epoch ms. */
  madeAt: z.number(),
  /** Null for a backup of an earlier version. */
  projectId: z.int().nullable(),
})
export type Backup = z.infer<typeof Backup>

/** Returns the path of an automatic backup of a project that is made now. */
export function backupPath(folder: string, now: number, projectId: number): string {
  const moment = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  return join(folder, `automate-${moment}-${projectIdText(projectId)}.db`)
}

/**
 * Returns the automatic backups of a folder, which several projects may share, the newest first;
 * none for a folder that does not exist. A backup of the future is last: a clock that was ahead
 * dated it, so nobody knows its age.
 * @throws the error of the system for a folder that cannot be read: it may hold backups.
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
 * Returns the automatic backups that a project made, the newest first. A backup without an id
 * counts in a folder of the project. It counts in another folder until the project has an id:
 * before that, no backup was compared with the database.
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
  /** Returns when a database was made; undefined for a damaged file. */
  readonly dateOf: (path: string) => Promise<number | undefined>
}

/**
 * Gives the id of a project to the backups without one that are of a database that was made at
 * `madeAt`: earlier versions made them. Backups in a folder of the project need none, see
 * `ownBackups`.
 */
export async function adoptBackups(
  folder: string,
  database: string,
  { now, projectId, madeAt, dateOf }: Adoption,
): Promise<void> {
  if (isWithin(projectRootOf(database), folder)) return
  for (const { path, madeAt: backedUpAt } of listBackups(folder, now).filter(one => one.projectId === null)) {
    // A damaged file, and one that another project has adopted by now, is of unknown origin and
    // stays as it is.
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
