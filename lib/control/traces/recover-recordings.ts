import { statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { readHead, recordingsIn, removeRecording } from '../../files/trace/recording.ts'
import type { Recording } from '../../files/trace/recording.ts'
import type { EvidenceDependencies } from './keep-evidence.ts'

/** A recording that is no scheduler's belongs to a worker in the foreground; so old, its worker has died. */
const FOREGROUND_KEPT_MS = 24 * 60 * 60_000

/** Packs what workers of an earlier run recorded and nobody packed. Their processes have been ended. Never throws. */
export function recoverRecordings({ paths, log, packer }: EvidenceDependencies, now: number): void {
  for (const recording of recordingsIn(paths.recordings)) {
    try {
      const head = readHead(recording)
      const scheduled = recording.stem.startsWith('job_')
      if (!scheduled && now - lastWritten(recording, now) < FOREGROUND_KEPT_MS) continue
      if (head === undefined || !scheduled) {
        removeRecording(recording)
        continue
      }
      const zipFile = join(paths.logs('traces', new Date(head.startedAt)), `${recording.stem}.zip`)
      packer.pack(recording, zipFile, 'The worker was ended with its console.')
    } catch (error) {
      log.warn(`The recording ${recording.stem} could not be taken over: ${messageOf(error)}`)
    }
  }
}

function lastWritten({ lines }: Recording, now: number): number {
  return statSync(lines, { throwIfNoEntry: false })?.mtimeMs ?? now
}
