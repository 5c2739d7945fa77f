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
 * `data/owner.json`: the owner of the database and its address. The record informs; it does not
 * lock. Later versions may add fields, which a reader ignores.
 */
export const OwnerRecord = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /** See ProcessIdentity in lib/model. Null if the system does not report it. */
  processStart: z.string().nullable(),
  role: OwnerRole,
  since: z.int(),
  endpoint: z.string().min(1),
  /** Both ends of the endpoint prove it; it never crosses the endpoint. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  lock: LockKind,
  /** The owner's program; absent from versions before this field. */
  program: z.exactOptional(ProgramId),
  /**
   * The owner's data folder: its path and its device and number. Absent from versions before this
   * field.
   */
  place: z.exactOptional(z.object({ folder: z.string(), identity: z.string() })),
})
export type OwnerRecord = z.infer<typeof OwnerRecord>

/** Mode of the record, because the token is a secret. */
const PRIVATE_FILE = 0o600

/**
 * Tries of a rename. On Windows a rename is refused while another process reads the file; readers
 * need well under a millisecond.
 */
const RENAME_TRIES = 200
const RENAME_REFUSALS = ['EPERM', 'EACCES', 'EBUSY']

/**
 * Returns the announcement at `path`; undefined if there is none, if it cannot be read, or if it
 * was copied with its project, because its owner has another database then.
 */
export function readOwnerRecord(path: string): OwnerRecord | undefined {
  try {
    const announcement = OwnerRecord.parse(JSON.parse(readFileSync(path, 'utf8')))
    return isCopied(path, announcement) ? undefined : announcement
  } catch {
    return undefined
  }
}

/** Returns the place to announce for an owner whose announcement is at `path`. */
export function placeOf(path: string): OwnerRecord['place'] {
  const folder = dirname(path)
  const identity = identityOf(folder)
  return identity === undefined ? undefined : { folder, identity }
}

/**
 * True only if the announced folder is still at its path and is another one. Without this proof the
 * announcement counts, because a running owner's folder can be moved or replaced, and a container
 * can give it another path or device.
 */
function isCopied(path: string, { place }: OwnerRecord): boolean {
  return (
    place !== undefined &&
    identityOf(dirname(path)) !== place.identity &&
    identityOf(place.folder) === place.identity
  )
}

/** Returns the identity of a folder; undefined also if the system refuses to read the folder. */
function identityOf(folder: string): string | undefined {
  try {
    return fileIdentity(folder)
  } catch {
    return undefined
  }
}

/** Writes the announcement as a whole, so that no reader sees half of it. */
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

/** Removes the announcement if it still has this token. */
export function removeOwnerRecord(path: string, token: string): void {
  if (readOwnerRecord(path)?.token === token) rmSync(path, { force: true })
}
