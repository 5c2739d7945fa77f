import { renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../core/disk/make-folder.ts'

const PRIVATE_FOLDER = 0o700

/** The folder beside documents in which those are put that cannot be read, for a person to look at. */
export const ASIDE = 'unreadable'

/** Moves a document that cannot be read out of the way, so that nobody is told of it again. Throws the system's error. */
export function setDocumentAside(path: string): void {
  const folder = join(dirname(path), ASIDE)
  makeFolder(folder, PRIVATE_FOLDER)
  renameSync(path, join(folder, basename(path)))
}
