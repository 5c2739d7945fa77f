import { existsSync, rmSync } from 'node:fs'
import { publishFile } from '../core/disk/whole-file.ts'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { ProjectPlace } from '../core/process/project-place.ts'
import { temporaryName } from './backup/unfinished-copies.ts'
import type { FileDatabase } from './engine/database.ts'
import { asidePath } from './quarantine.ts'

/**
 * Saves an open database whose file or write-ahead log was removed, or replaced by another file.
 * Writes all commits to a copy with the name of a quarantined database, so that no empty database
 * is created in its place automatically. Makes no copy if the project was moved, because its
 * database was moved too. Returns the error with which the owner ends.
 */
export function rescueRemoved(database: FileDatabase, place: ProjectPlace, now: number): AutomateError {
  const { path } = database
  if (place.isLeft) {
    const { message } = place.leftError()
    return new AutomateError('store-damaged', message, { facts: { path, copy: null, removed: true } })
  }
  const copy = asidePath(path, now, 'replaced')
  const message = `The database ${path} was removed or replaced while it was in use, or its write-ahead log (${path}-wal) was.`
  const temporary = temporaryName(copy)
  try {
    database.rescue(temporary)
    publishFile(temporary, copy)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    return new AutomateError(
      'store-damaged',
      `${message} A copy of its content could not be written: ${messageOf(thrown)}. Put the file back, or restore a backup with "automate-tui db restore <file>".`,
      { facts: { path, copy: null, removed: true }, cause: thrown },
    )
  }
  const present = existsSync(path) ? ' The file that now has its name was not changed.' : ''
  return new AutomateError(
    'store-damaged',
    `${message} A copy of its content is ${copy}.${present} To continue with the copy, run automate-tui db restore "${copy}".`,
    { facts: { path, copy, removed: true } },
  )
}
