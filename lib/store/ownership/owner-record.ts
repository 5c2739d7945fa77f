import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { fileIdentity } from '../../core/disk/file-identity.ts'
import { writeAll } from '../../core/disk/whole-file.ts'
import { systemCode } from '../../core/errors/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { ProgramId } from '../../model/worker/program-id.ts'

export const OwnerRole = z.enum(['scheduler', 'transient'])
export type OwnerRole = z.infer<typeof OwnerRole>

export const LockKind = z.enum(['kernel', 'lockfile'])
export type LockKind = z.infer<typeof LockKind>

/**
 * Announcement of the database's owner and its address, in `data/owner.json`. It is only
 * information; the lock decides who the owner is. Later versions may add fields, which a reader
 * ignores.
 */
export const OwnerRecord = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /**
   * Start of the process; see ProcessIdentity in lib/model. Null if the operating system does not
   * report it.
   */
  processStart: z.string().nullable(),
  role: OwnerRole,
  since: z.int(),
  endpoint: z.string().min(1),
  /** Secret that both ends of a connection prove to know, and that is never sent. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  lock: LockKind,
  /** The owner's program. Absent in announcements of versions before this field. */
  program: z.exactOptional(ProgramId),
  /**
   * The owner's data folder: its path, and its device and inode. Absent in announcements of
   * versions before this field.
   */
  place: z.exactOptional(z.object({ folder: z.string(), identity: z.string() })),
})
export type OwnerRecord = z.infer<typeof OwnerRecord>

/** Mode of the file: only the user may read it, because the token is a secret. */
const PRIVATE_FILE = 0o600

/**
 * Number of times that the rename is tried. On Windows a rename is refused while another process
 * reads the file, for which a reader needs far less than a millisecond.
 */
const RENAME_TRIES = 200
const RENAME_REFUSALS = ['EPERM', 'EACCES', 'EBUSY']

/**
 * Returns the announcement at `path`; undefined if there is none or it cannot be read. Also returns
 * undefined if it was copied together with its project, because its owner then owns another
 * database.
 */
export function readOwnerRecord(path: string): OwnerRecord | undefined {
  try {
    const announcement = OwnerRecord.parse(JSON.parse(readFileSync(path, 'utf8')))
    return isCopied(path, announcement) ? undefined : announcement
  } catch {
    return undefined
  }
}

/** Returns the data folder to announce for an owner whose announcement is at `path`. */
export function placeOf(path: string): OwnerRecord['place'] {
  const folder = dirname(path)
  const identity = identityOf(folder)
  return identity === undefined ? undefined : { folder, identity }
}

/**
 * True only if the announced folder still exists at its path and is a different one. Without this
 * proof the announcement counts. The folder of a running owner may be moved or replaced, and in a
 * container it may have another path or device.
 */
function isCopied(path: string, { place }: OwnerRecord): boolean {
  return (
    place !== undefined &&
    identityOf(dirname(path)) !== place.identity &&
    identityOf(place.folder) === place.identity
  )
}

/**
 * Returns the identity of a folder; undefined if there is none, or if the operating system refuses
 * to read it.
 */
function identityOf(folder: string): string | undefined {
  try {
    return fileIdentity(folder)
  } catch {
    return undefined
  }
}

/** Writes the announcement atomically, so that no reader sees a part of it. */
export function writeOwnerRecord(path: string, announcement: OwnerRecord): void {
  const temporary = `${path}.${newUuid()}.tmp`
  const fd = openSync(temporary, 'wx', PRIVATE_FILE)
  try {
    writeAll(fd, JSON.stringify(announcement))
    fsyncSync(fd)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  } finally {
    closeSync(fd)
  }
  for (let tries = 1; ; tries += 1) {
    try {
      renameSync(temporary, path)
      return
    } catch (thrown) {
      if (tries < RENAME_TRIES && RENAME_REFUSALS.includes(systemCode(thrown) ?? '')) continue
      rmSync(temporary, { force: true })
      throw thrown
    }
  }
}

/** Removes the announcement if it still contains this token. */
export function removeOwnerRecord(path: string, token: string): void {
  if (readOwnerRecord(path)?.token === token) rmSync(path, { force: true })
}
