import { basename, dirname, relative, sep } from 'node:path'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { MemberRef } from '../../../model/worker/documents.ts'
import { FOREIGN, quarantineDocument } from '../../../files/documents/quarantine.ts'
import { recordingOf, renameRecording } from '../../../files/trace/recording.ts'
import type { Recording } from '../../../files/trace/recording.ts'

/** Job and attempt that a document names, but that do not belong to this database. */
type Foreign = Pick<MemberRef, 'jobId' | 'attempt'>

/**
 * Sets a worker's document aside, because its attempt belongs to a database that was replaced. Logs
 * the new path.
 * @throws the system's error if the document cannot be moved.
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
 * Prefix of the names of recordings and traces of another database. Names that begin with `job_`
 * belong to jobs of this one.
 */
const PREFIX = `${FOREIGN}_`

/** True if `renameForeign` has renamed a recording. */
export const isForeignRecording = ({ stem }: Recording): boolean => stem.startsWith(PREFIX)

/**
 * Renames a recording, so that it has the name of no job of this database. A job with the same
 * number can begin before the recording is packed.
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
