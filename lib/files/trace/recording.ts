import { closeSync, existsSync, fstatSync, openSync, readSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { removeOwnFile, removeOwnTree } from '../../core/disk/remove-own.ts'
import { TraceLine } from '../../model/trace/trace-line.ts'
import type { TraceHead } from '../../model/trace/trace-line.ts'

/**
 * Absolute paths of one worker's recording until it is packed: a file to which lines are appended,
 * and a folder of pictures.
 */
export interface Recording {
  readonly stem: string
  /** JSON lines; see lib/model/trace/trace-line.ts. */
  readonly lines: string
  /** Folder of the pictures; created with the first picture. */
  readonly frames: string
}

const LINES = '.jsonl'
const FRAMES = '.frames'

/** Returns the recording of the worker whose file names begin with `stem`. */
export function recordingOf(folder: string, stem: string): Recording {
  return { stem, lines: join(folder, stem + LINES), frames: join(folder, stem + FRAMES) }
}

/** Returns all recordings in a folder. */
export function recordingsIn(folder: string): Recording[] {
  const stems = readdirSync(folder).flatMap(name =>
    [LINES, FRAMES].filter(ending => name.endsWith(ending)).map(ending => name.slice(0, -ending.length)),
  )
  return [...new Set(stems)].map(stem => recordingOf(folder, stem))
}

/**
 * Renames the files of a recording.
 * @throws The system's error if they cannot be renamed.
 */
export function renameRecording(from: Recording, to: Recording): void {
  if (existsSync(from.frames)) renameSync(from.frames, to.frames)
  if (existsSync(from.lines)) renameSync(from.lines, to.lines)
}

/**
 * Removes a recording, if there is one.
 * @throws the errors of `removeOwnFile`.
 */
export function removeRecording({ lines, frames }: Recording): void {
  removeOwnFile(lines)
  removeOwnTree(frames)
}

/**
 * Returns the absolute path of a recording's newest complete picture; undefined if there is none.
 */
export function lastFrame({ frames }: Recording): string | undefined {
  const name = sortedNames(frames).findLast(one => isWholeJpeg(join(frames, one)))
  return name === undefined ? undefined : join(frames, name)
}

/**
 * Returns the names of a recording's pictures, oldest first. An incomplete picture of a killed
 * worker or a full disk is left out.
 */
export function wholeFrames({ frames }: Recording): string[] {
  return sortedNames(frames).filter(name => isWholeJpeg(join(frames, name)))
}

/**
 * Number of digits of the milliseconds in the names of pictures. It is fixed, so that names sort by
 * time.
 */
const DIGITS = 9

/** Returns the name of a picture taken `elapsedMs` after the recording's start. */
export function frameName(page: string, elapsedMs: number): string {
  return `${String(Math.round(elapsedMs)).padStart(DIGITS, '0')}-${page}.jpeg`
}

function sortedNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    // No picture was taken.
    return []
  }
}

/** End-of-image marker, the last two bytes of a JPEG file (ITU-T T.81, B.1.1.3). */
const END_OF_IMAGE = 0xff_d9
const MARKER_BYTES = 2

function isWholeJpeg(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const end = Buffer.alloc(MARKER_BYTES)
    return (
      size > MARKER_BYTES &&
      readSync(file, end, 0, MARKER_BYTES, size - MARKER_BYTES) === MARKER_BYTES &&
      end.readUInt16BE() === END_OF_IMAGE
    )
  } finally {
    closeSync(file)
  }
}

/** Maximum number of bytes that are read for the first line, which is short. */
const HEAD_LIMIT = 8_192

/**
 * Returns the first line of a recording, which names the worker and the start time. Returns
 * undefined if there is no line, or if the worker died while it wrote that line.
 */
export function readHead({ lines }: Recording): TraceHead | undefined {
  try {
    const file = openSync(lines, 'r')
    try {
      const bytes = Buffer.alloc(HEAD_LIMIT)
      const [text = ''] = bytes.toString('utf8', 0, readSync(file, bytes)).split('\n', 1)
      const head = TraceLine.safeParse(JSON.parse(text)).data
      return head?.type === 'head' ? head : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
