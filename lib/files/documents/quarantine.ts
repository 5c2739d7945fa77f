import { existsSync, renameSync } from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import { refuseForeignLink } from '../../core/disk/foreign-link.ts'
import { makeFolder } from '../../core/disk/make-folder.ts'

const PRIVATE_FOLDER = 0o700

/** Name of the subfolder for unreadable documents, where a person can examine them. */
export const ASIDE = 'unreadable'

/** Name of the subfolder for documents from workers of another database. */
export const FOREIGN = 'of-another-database'

/**
 * Moves a document to a subfolder of its folder, so that it is not reported again, and returns its
 * new path. Does not replace a document of the same name that is there already.
 * @throws the errors of `removeOwnFile`.
 */
export function quarantineDocument(path: string, name: typeof ASIDE | typeof FOREIGN = ASIDE): string {
  refuseForeignLink(dirname(path))
  const folder = join(dirname(path), name)
  makeFolder(folder, PRIVATE_FOLDER, dirname(path))
  const { name: stem, ext } = parse(path)
  let to = join(folder, basename(path))
  for (let nth = 2; existsSync(to); nth++) to = join(folder, `${stem}_${nth}${ext}`)
  renameSync(path, to)
  return to
}
