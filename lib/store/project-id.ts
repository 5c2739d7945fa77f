import { randomInt } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fileIdentity } from '../core/disk/file-identity.ts'
import { replaceFile } from '../core/disk/whole-file.ts'
import { errorCode } from '../core/errors/errors.ts'
import type { Database } from './engine/database.ts'

/**
 * Upper bound of an id. The id is stored in the number that SQLite reserves for applications in the
 * header of a database (`user_version`), so each copy has it too.
 */
const MAX_ID = 2 ** 31

/** Document with the id of a project. It outlives the database. */
const ProjectFile = z.object({
  kind: z.literal('project'),
  version: z.literal(1),
  id: z.int().positive(),
  /** Folder of the database when it was last opened. */
  folder: z.string(),
})
type ProjectFile = z.infer<typeof ProjectFile>

const fileOf = (folder: string): string => join(folder, 'project.json')

/** Returns the folder of the project that a database belongs to. */
export const projectRootOf = (database: string): string => dirname(dirname(database))

/**
 * Returns the id of the project that a database belongs to; null if the project has had no database
 * yet. The database itself may be damaged.
 */
export const projectIdOf = (database: string): number | null => readProject(dirname(database))?.id ?? null

/**
 * Returns the project id in the header of a database; null if an earlier version created the
 * database.
 */
export function storedProjectId(database: Database): number | null {
  const id = Number(database.one('PRAGMA user_version')?.['user_version'] ?? 0)
  return id > 0 ? id : null
}

/** Writes a project id, or none, to the header of a database. */
export function storeProjectId(database: Database, id: number | null): void {
  if (storedProjectId(database) !== id) database.exec(`PRAGMA user_version=${id ?? 0}`)
}

/**
 * Creates the id of a project when its database is opened for the first time, and stores the id in
 * the database. A copied project gets a new id.
 */
export function identifyProject(database: Database, path: string): void {
  const folder = realpathSync(dirname(path))
  const noted = readProject(folder)
  const earlier = noted === undefined ? storedProjectId(database) : isCopied(noted, folder) ? null : noted.id
  const id = earlier ?? randomInt(1, MAX_ID)
  try {
    const project: ProjectFile = { kind: 'project', version: 1, id, folder }
    if (noted?.id !== id || noted.folder !== folder)
      replaceFile(fileOf(folder), `${JSON.stringify(project)}\n`)
    storeProjectId(database, id)
  } catch (thrown) {
    // On a full disk the id cannot be stored. The next opening tries again.
    if (errorCode(thrown) === 'store-damaged') throw thrown
  }
}

/** Returns an id as text for file names and messages. */
export const projectIdText = (id: number): string => id.toString(16).padStart(8, '0')

/** True if the project that had the id before still exists at its path. */
function isCopied(noted: ProjectFile, folder: string): boolean {
  if (noted.folder === folder || readProject(noted.folder)?.id !== noted.id) return false
  return fileIdentity(fileOf(noted.folder)) !== fileIdentity(fileOf(folder))
}

function readProject(folder: string): ProjectFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(folder), 'utf8'))
    return ProjectFile.safeParse(value).data
  } catch {
    return undefined
  }
}
