import { readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { namesIn } from '../../core/disk/names-in.ts'
import { fileIdentity } from '../../core/disk/file-identity.ts'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { removeOwnFile } from '../../core/disk/remove-own.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { isWithin } from '../../core/process/paths.ts'
import { runFileWork } from '../file-work/run-file-work.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** Longest wait for a share at the start and at the end of a scheduler. */
const REMOVE_LIMIT_MS = 10_000

/** Matches `automate.db.<uuid>.tmp`, also with the suffix of a side file of SQLite. */
const TEMPORARY = /\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp(?:-wal|-journal)?$/

const SIDE_FILE = /-(?:wal|journal)$/

/**
 * Returns the folder with one note for each copy in progress. A note holds the identity of the
 * folder of the database, and in the next line the path of the temporary file.
 */
const notesOf = (database: string): string => join(dirname(database), 'unfinished-copies')

/** Returns a temporary name for a copy. The copy is renamed to `path` once it is complete. */
export const temporaryName = (path: string): string => `${path}.${newUuid()}.tmp`

/**
 * Runs `write` with a temporary name beside `to`, and removes the temporary file if `write` fails.
 * A note in the folder of `database` names the file, because the folder of `to` may belong to
 * several projects.
 */
export async function withTemporaryCopy<T>(
  database: string,
  to: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = temporaryName(to)
  const note = join(notesOf(database), newUuid())
  makeFolder(notesOf(database), PRIVATE_FOLDER, dirname(database))
  writeFileSync(note, `${fileIdentity(dirname(database)) ?? ''}\n${temporary}`, {
    mode: PRIVATE_FILE,
    flush: true,
  })
  try {
    const result = await write(temporary)
    removeNote(note)
    return result
  } catch (thrown) {
    // The note of a folder that does not respond stays, so that a later start removes the file.
    if (errorCode(thrown) !== 'deadline' && (await isRemoved([temporary]))) removeNote(note)
    throw thrown
  }
}

/**
 * Removes the copies that killed owners of a database did not finish. Only the owner may call it,
 * because only owners write such copies and so none of these has a living writer. `spared` and its
 * side files stay. Never rejects, because a later start removes a file that is still open, or in a
 * folder that does not respond.
 */
export async function removeUnfinishedCopies(database: string, spared?: string): Promise<void> {
  const data = dirname(database)
  const notes = notesOf(database)
  const elsewhere: { readonly temporary: string; readonly note: string }[] = []
  const own = fileIdentity(dirname(database))
  const keep = spared === undefined ? undefined : fileIdentity(spared)
  const isSpared = (path: string) => keep !== undefined && fileIdentity(path.replace(SIDE_FILE, '')) === keep
  for (const name of namesIn(notes)) {
    const note = join(notes, name)
    const [identity, ...lines] = textOf(note).split('\n')
    const temporary = lines.join('\n')
    // A power cut may leave a note without its text. In a copied project the note names the copy of
    // the other project.
    const isOwn = identity === own && TEMPORARY.test(temporary) && !isSpared(temporary)
    if (!isOwn) removeNote(note)
    else if (!isWithin(data, temporary)) elsewhere.push({ temporary, note })
    else
      tryToRemove(() => {
        removeOwnFile(temporary)
        removeNote(note)
      })
  }
  for (const folder of [data, join(data, 'backups')])
    for (const name of namesIn(folder))
      if (TEMPORARY.test(name) && !isSpared(join(folder, name)))
        tryToRemove(() => removeOwnFile(join(folder, name)))
  for (const copies of Map.groupBy(elsewhere, ({ temporary }) => dirname(temporary)).values())
    if (await isRemoved(copies.map(({ temporary }) => temporary)))
      for (const { note } of copies) removeNote(note)
}

/** Removes files of one folder, which may be on a share. Returns false if that failed. */
async function isRemoved(paths: string[]): Promise<boolean> {
  const [folder = ''] = paths.map(path => dirname(path))
  const work = { type: 'remove', paths } as const
  const removal = runFileWork(work, new AbortController().signal, { folder, limitMs: REMOVE_LIMIT_MS })
  return removal.then(
    () => true,
    () => false,
  )
}

/**
 * Removes a note. The file of the note must be removed first, because a later start finds the file
 * by the note.
 */
function removeNote(note: string): void {
  tryToRemove(() => removeOwnFile(note))
  tryToRemove(() => rmdirSync(dirname(note)))
}

function tryToRemove(remove: () => void): void {
  try {
    remove()
  } catch {
    // Windows refuses it while a virus scanner reads the file. The folder may hold another note.
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
