import { errorCode } from '../core/errors/errors.ts'
import { NotifiedMarker, NOT_NOTIFIED } from '../model/failure/notified-marker.ts'
import type { ChannelName, NotifiedBy } from '../model/failure/notified-marker.ts'
import { readJsonIfExistsSync, writeJsonSync } from './documents/atomic-json.ts'

const MARK = '.mark'

/** Returns the path of the marker next to a crash file: `job_7_1000.json` → `job_7_1000.mark`. */
export function markBeside(crashFile: string): string {
  return crashFile.replace(/\.json$/, MARK)
}

/**
 * Returns the name of the crash file that a marker belongs to; undefined if `name` is not the name
 * of a marker.
 */
export function markedBy(name: string): string | undefined {
  return name.endsWith(MARK) && !name.startsWith('.') ? `${name.slice(0, -MARK.length)}.json` : undefined
}

/**
 * Records on the disk, next to the crash file, that a message about the crash is about to be sent
 * or has been sent.
 * @throws The system's error if the marker cannot be written. In that case, nothing may be sent.
 */
export function markCrash(
  crashFile: string,
  state: NotifiedMarker['state'],
  channel: ChannelName,
  at: number,
): void {
  const mark: NotifiedMarker = { kind: 'crash-mark', version: 2, state, channel, at: Math.round(at) }
  writeJsonSync(markBeside(crashFile), mark, { durable: true })
}

/**
 * Returns the channels on which a worker has reported a crash itself. `sure` is false if the
 * message may not have been sent. An unreadable marker counts as such, because it was written when
 * a message was about to be sent.
 * @throws The system's error if the marker cannot be opened.
 */
export function readMark(crashFile: string): NotifiedBy {
  try {
    const mark = readJsonIfExistsSync(markBeside(crashFile), NotifiedMarker)
    return mark === undefined ? NOT_NOTIFIED : { channels: [mark.channel], sure: mark.state === 'sent' }
  } catch (error) {
    if (errorCode(error) === 'document-invalid') return { channels: [], sure: false }
    throw error
  }
}
