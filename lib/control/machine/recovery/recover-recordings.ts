import { statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../../core/errors/errors.ts'
import type { TraceHead } from '../../../model/trace/trace-line.ts'
import { readHead, recordingsIn, removeRecording } from '../../../files/trace/recording.ts'
import type { Recording } from '../../../files/trace/recording.ts'
import type { Store } from '../../../store/store.ts'
import { isForeignRecording, renameForeign } from './foreign-documents.ts'
import type { ArtefactDependencies } from '../results/collect-artefacts.ts'

/**
 * Retention of a recording that no scheduler made, but a worker in the foreground. If the recording
 * is older, the worker has died.
 */
const FOREGROUND_KEPT_MS = 24 * 60 * 60_000

/**
 * Packs the remaining recordings of an earlier run, whose workers have ended. A recording that
 * belongs to another database is packed under a name that no job of this database has. Never
 * throws.
 */
export async function recoverRecordings(
  store: Pick<Store, 'call'>,
  { paths, log, packer }: ArtefactDependencies,
  now: number,
): Promise<void> {
  for (const left of recordingsIn(paths.recordings)) {
    let recording = left
    try {
      const head = readHead(recording)
      const scheduled = recording.stem.startsWith('job_') || isForeignRecording(recording)
      if (!scheduled && now - lastWritten(recording, now) < FOREGROUND_KEPT_MS) continue
      if (head === undefined || !scheduled) {
        removeRecording(recording)
        continue
      }
      if (!isForeignRecording(recording) && (await isForeign(store, head))) {
        recording = renameForeign(paths, recording, head)
      }
      const zipFile = join(paths.logs('traces', new Date(head.startedAt)), `${recording.stem}.zip`)
      packer.pack(recording, zipFile, 'The worker ended with its scheduler.')
    } catch (error) {
      log.warn(`The recording ${recording.stem} could not be stored: ${messageOf(error)}`)
    }
  }
}

async function isForeign(store: Pick<Store, 'call'>, head: TraceHead): Promise<boolean> {
  return (await store.call('attempts.standing', head)).standing === 'foreign'
}

function lastWritten({ lines }: Recording, now: number): number {
  return statSync(lines, { throwIfNoEntry: false })?.mtimeMs ?? now
}
