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

/** Longest wait for a network share when a scheduler starts or ends. */
const REMOVE_LIMIT_MS = 10_000

/** Matches `automate.db.<uuid>.tmp`, also with the suffix of one of SQLite's side files. */
const TEMPORARY = /\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp(?:-wal|-journal)?$/

const SIDE_FILE = /-(?:wal|journal)$/

/**
 * Returns the path of the folder that contains a note for each copy in progress. The first line of
 * a note identifies the folder of the database, and the second is the path of the temporary file.
 */
const notesOf = (database: string): string => join(dirname(database), 'unfinished-copies')

/** Returns a temporary name for a copy that is renamed to `path` once it is complete. */
export const temporaryName = (path: string): string => `${path}.${newUuid()}.tmp`

/**
 * Runs `write` with a temporary name in the folder of `to`, and removes the temporary file if
 * `write` fails. A note in the folder of `database` names the file, because several projects may
 * use the folder of `to`.
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
    // If the folder does not respond, the note is kept, so that a later start removes the file.
    if (errorCode(thrown) !== 'deadline' && (await isRemoved([temporary]))) removeNote(note)
    throw thrown
  }
}

/**
 * Removes the copies that killed owners of a database did not finish. Only the owner may call it,
 * because only owners write such copies and so nothing else can still be writing them. Does not
 * remove `spared` and its side files. Never rejects. A file that cannot be removed, because it is
 * still open or its folder does not respond, is removed at a later start.
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
    // After a power failure a note may be empty. In a copied project, a note names a file of the
    // original.
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

/** Removes files in one folder, which may be on a network share. Returns false if that failed. */
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
 * Removes a note. The file that it names must be removed first, because only the note leads to it.
 */
function removeNote(note: string): void {
  tryToRemove(() => removeOwnFile(note))
  tryToRemove(() => rmdirSync(dirname(note)))
}

function tryToRemove(remove: () => void): void {
  try {
    remove()
  } catch {
    // Windows refuses the removal while antivirus software reads the file, or if the folder
    // contains another note.
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
