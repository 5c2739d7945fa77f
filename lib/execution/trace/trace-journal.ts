import { closeSync, openSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { writeAll } from '../../core/disk/whole-file.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { TraceLine } from '../../model/trace/trace-line.ts'
import { tryRemove } from '../../files/remove-files.ts'
import { frameName, removeRecording } from '../../files/trace/recording.ts'
import type { Recording } from '../../files/trace/recording.ts'
import { redactAddresses } from '../../core/text/redact.ts'
import { knownSecrets, redactJsonText } from '../../core/secrets/known-secrets.ts'
import type { KeptFields } from '../../core/secrets/known-secrets.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/**
 * Shares of a recording's maximum size. The worker's actions have their own share, so that a page
 * with much output cannot use it up.
 */
const SHARE = { frames: 0.5, snapshots: 0.25, lines: 0.1, actions: 0.15 } as const

type Share = keyof typeof SHARE

const ACTIONS: ReadonlySet<TraceLine['type']> = new Set(['head', 'before', 'after', 'input', 'error'])

/**
 * Fields of each kind of line by which the packer and the viewer link lines. The program or Chrome
 * chooses their values; all other fields can contain text of a page.
 */
const LINKS: Readonly<Record<TraceLine['type'], KeptFields>> = {
  head: keep('type', 'workerId', 'workflow'),
  request: keep('type', 'id', 'page', 'frame'),
  response: keep('type', 'id'),
  'request-end': keep('type', 'id'),
  before: keep('type', 'callId', 'parentId', 'pageId', 'class', 'method', 'beforeSnapshot'),
  after: keep('type', 'callId', 'afterSnapshot'),
  'screencast-frame': keep('type', 'pageId', 'sha1'),
  input: keep('type', 'callId', 'inputSnapshot'),
  console: keep('type', 'pageId', 'messageType'),
  event: { ...keep('type', 'pageId', 'class', 'method'), params: keep('pageId') },
  error: keep('type'),
  'frame-snapshot': { ...keep('type'), snapshot: keep('callId', 'pageId', 'frameId', 'snapshotName') },
}

function keep(...names: readonly string[]): KeptFields {
  return Object.fromEntries(names.map(name => [name, true]))
}

export interface JournalOptions {
  readonly recording: Recording
  readonly limitBytes: number
  /** True if only pictures are written. */
  readonly picturesOnly: boolean
  /** Called once for each kind of data that is omitted or removed for lack of room. */
  readonly onThinned: (what: Share) => void
  /** Receives the reason for the end of the recording, such as a full disk. */
  readonly onBroken: (reason: string) => void
}

/**
 * Appends to a recording. Written lines survive any death of the process, because each line is
 * passed to the system at once, though not synced. Never throws, because evidence must not harm the
 * job. Every line is redacted here, so that the redaction cannot be forgotten for a kind of event.
 */
export class TraceJournal {
  private readonly options: JournalOptions
  private file: number | undefined
  private broken = false
  private readonly used = { frames: 0, snapshots: 0, lines: 0, actions: 0 }
  private readonly thinned = new Set<Share>()
  private readonly frames: { readonly path: string; readonly bytes: number }[] = []
  /**
   * Factor by which the interval between pictures is longer than usual. It doubles each time that
   * pictures have to be removed.
   */
  frameSpacing = 1

  constructor(options: JournalOptions) {
    this.options = options
  }

  /** Appends a line. */
  line(line: TraceLine): void {
    this.append(line, ACTIONS.has(line.type) ? 'actions' : 'lines')
  }

  /** Writes a note about the recording itself, among the console messages of the page. */
  notice(text: string, time: number): void {
    const location = { url: '', lineNumber: 0, columnNumber: 0 }
    const line = `automate-tui: ${text}`
    this.append({ type: 'console', messageType: 'warning', text: line, time, location }, null)
  }

  /** Appends the line of a DOM snapshot; returns false if there is no room for it. */
  snapshot(line: Extract<TraceLine, { type: 'frame-snapshot' }>): boolean {
    return this.append(line, 'snapshots')
  }

  /**
   * Stores a picture and returns its name; undefined if the recording is closed or broken. If
   * pictures take too much space, every second of the older pictures is removed.
   */
  frame(page: string, elapsedMs: number, jpeg: Uint8Array): string | undefined {
    if (this.broken) return undefined
    const { recording, limitBytes } = this.options
    const name = frameName(page, elapsedMs)
    const path = join(recording.frames, name)
    try {
      if (this.frames.length === 0) makeFolder(recording.frames, PRIVATE_FOLDER, dirname(recording.frames))
      writeFileSync(path, jpeg, { mode: PRIVATE_FILE })
    } catch (error) {
      this.fail(error)
      return undefined
    }
    this.frames.push({ path, bytes: jpeg.length })
    this.used.frames += jpeg.length
    if (this.used.frames > limitBytes * SHARE.frames) this.thinFrames()
    return name
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
    this.broken = true
  }

  /** Closes the recording and removes its files. */
  discard(): void {
    this.close()
    try {
      if (this.frames.length > 0) removeRecording(this.options.recording)
      else tryRemove(this.options.recording.lines)
    } catch {
      // Control removes the rest.
    }
  }

  /**
   * Appends a line; returns true if it was written. `kind` is null for a notice, which counts
   * towards no share, because notices are few.
   */
  private append(line: TraceLine, kind: Share | null): boolean {
    if (this.broken || this.options.picturesOnly) return false
    const text = JSON.stringify(line)
    const { limitBytes, recording } = this.options
    if (kind !== null) {
      if (this.used[kind] + text.length > limitBytes * SHARE[kind]) {
        this.noteThinned(kind)
        return false
      }
      this.used[kind] += text.length
    }
    try {
      this.file ??= openSync(recording.lines, 'a', PRIVATE_FILE)
      writeAll(this.file, `${redactAddresses(redactJsonText(text, knownSecrets, LINKS[line.type]))}\n`)
      return true
    } catch (error) {
      this.fail(error)
      return false
    }
  }

  private thinFrames(): void {
    this.frameSpacing *= 2
    const newest = this.frames.length - 1
    const gone = this.frames.filter(({ path }, i) => i % 2 === 1 && i !== newest && tryRemove(path))
    for (const { bytes } of gone) this.used.frames -= bytes
    this.frames.splice(0, this.frames.length, ...this.frames.filter(frame => !gone.includes(frame)))
    this.noteThinned('frames')
  }

  private noteThinned(what: Share): void {
    if (this.thinned.has(what)) return
    this.thinned.add(what)
    this.options.onThinned(what)
  }

  private fail(error: unknown): void {
    this.close()
    this.options.onBroken(messageOf(error))
  }
}
