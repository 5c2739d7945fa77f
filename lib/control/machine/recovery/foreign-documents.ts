import { basename, dirname, relative, sep } from 'node:path'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { MemberRef } from '../../../model/worker/documents.ts'
import { FOREIGN, quarantineDocument } from '../../../files/documents/quarantine.ts'
import { recordingOf, renameRecording } from '../../../files/trace/recording.ts'
import type { Recording } from '../../../files/trace/recording.ts'

/** Job and attempt of a document that counts for no job of this database. */
type Foreign = Pick<MemberRef, 'jobId' | 'attempt'>

/**
 * Sets a worker's document aside and logs its new place. Its attempt belongs to a replaced
 * database, which is set aside as well.
 * @throws the system's error.
 */
export function setForeignAside(
  { root }: ProjectPaths,
  path: string,
  { jobId, attempt }: Foreign,
  log: Log,
): void {
  const folder = relative(root, dirname(quarantineDocument(path, FOREIGN)))
    .split(sep)
    .join('/')
  log.warn(
    `${basename(path)} belongs to attempt ${attempt} of job ${jobId} in a database that was replaced, so it is not used. The file is now in ${folder}.`,
  )
}

/**
 * Prefix of recordings and traces of another database, because names that begin with `job_` belong
 * to a job.
 */
const PREFIX = `${FOREIGN}_`

/** True for a recording that `renameForeign` has renamed. */
export const isForeignRecording = ({ stem }: Recording): boolean => stem.startsWith(PREFIX)

/**
 * Renames a recording, so that no job of this database has its name. A job of the same number can
 * begin before the recording is packed.
 */
export function renameForeign(
  { recordings }: ProjectPaths,
  recording: Recording,
  { workerId }: Pick<MemberRef, 'workerId'>,
): Recording {
  const renamed = recordingOf(recordings, `${PREFIX}${recording.stem}_${workerId}`)
  renameRecording(recording, renamed)
  return renamed
}
