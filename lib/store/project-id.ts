import { randomInt } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fileIdentity } from '../core/disk/file-identity.ts'
import { replaceFile } from '../core/disk/whole-file.ts'
import { errorCode } from '../core/errors/errors.ts'
import type { Database } from './engine/database.ts'

/**
 * Upper bound of an id. SQLite stores a number of the application in the header of a database
 * (`user_version`), so each copy has the number.
 */
const MAX_ID = 2 ** 31

/** Id of a project. It outlives the database. */
const ProjectFile = z.object({
  kind: z.literal('project'),
  version: z.literal(1),
  id: z.int().positive(),
  /** Folder of the database at its last opening. */
  folder: z.string(),
})
type ProjectFile = z.infer<typeof ProjectFile>

const fileOf = (folder: string): string => join(folder, 'project.json')

/** Returns the folder of the project of a database. */
export const projectRootOf = (database: string): string => dirname(dirname(database))

/**
 * Returns the id of the project of a database; null before its first database was opened. The
 * database itself may be damaged.
 */
export const projectIdOf = (database: string): number | null => readProject(dirname(database))?.id ?? null

/** Returns the id in the header of a database; null for a database of an earlier version. */
export function storedProjectId(database: Database): number | null {
  const id = Number(database.one('PRAGMA user_version')?.['user_version'] ?? 0)
  return id > 0 ? id : null
}

/** Puts an id, or none, into the header of a database. */
export function storeProjectId(database: Database, id: number | null): void {
  if (storedProjectId(database) !== id) database.exec(`PRAGMA user_version=${id ?? 0}`)
}

/**
 * Makes the id of a project at its first opening, and stores it in the database. A copied project
 * gets an id of its own.
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
    // A full disk takes no id. The next opening tries again.
    if (errorCode(thrown) === 'store-damaged') throw thrown
  }
}

/** Formats an id for names of files and for messages. */
export const projectIdText = (id: number): string => id.toString(16).padStart(8, '0')

/** True if the project that had the id before still exists at its place. */
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
