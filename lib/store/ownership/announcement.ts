import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { writeAll } from '../../core/disk/whole-file.ts'
import { systemCode } from '../../core/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { ProgramId } from '../../domain/program-id.ts'

export const OwnerRole = z.enum(['scheduler', 'transient'])
export type OwnerRole = z.infer<typeof OwnerRole>

export const LockKind = z.enum(['kernel', 'lockfile'])
export type LockKind = z.infer<typeof LockKind>

/** `data/owner.json`: who owns the database and where it is reached. It tells; it does not lock. Later versions may add fields, which a reader ignores. */
export const Announcement = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /** See ProcessIdentity in lib/domain; null where the system does not tell. */
  processStart: z.string().nullable(),
  role: OwnerRole,
  since: z.int(),
  endpoint: z.string().min(1),
  /** Both ends of the endpoint prove it; it never crosses the endpoint. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  lock: LockKind,
  /** The owner's program; absent from versions before this field. */
  program: z.exactOptional(ProgramId),
})
export type Announcement = z.infer<typeof Announcement>

/** The token is a secret. */
const PRIVATE_FILE = 0o600

/** On Windows a rename is refused while another process reads the file; readers need well under a millisecond. */
const RENAME_TRIES = 200
const RENAME_REFUSALS = ['EPERM', 'EACCES', 'EBUSY']

/** What is announced at `path`; undefined when there is nothing, or nothing that can be understood. */
export function readAnnouncement(path: string): Announcement | undefined {
  try {
    return Announcement.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

/** Puts the announcement in its place as a whole: no reader sees half of it. */
export function writeAnnouncement(path: string, announcement: Announcement): void {
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

/** Removes the announcement when it is still the one with this token. */
export function withdrawAnnouncement(path: string, token: string): void {
  if (readAnnouncement(path)?.token === token) rmSync(path, { force: true })
}
