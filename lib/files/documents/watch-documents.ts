import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { watch } from 'chokidar'
import type { z } from 'zod'
import { namesIn } from '../../core/disk/names-in.ts'
import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import { AutomateError, isAutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { isHeldOpen, parseDocument } from './atomic-json.ts'

/**
 * Minimum time between two callbacks. That is some thirty callbacks a second, more than a screen
 * can show.
 */
const COALESCE_MS = 33

/**
 * Interval of the polls that find changes for which chokidar reported no event, because the event
 * queue was full or the files are on a network drive.
 */
const LOOK_ANYWAY_MS = 1_000

/**
 * Age of a change up to which the file's time stamp is not trusted. File systems take it from a
 * clock that ticks every 1 to 16 ms. A file that was read shortly after a change may therefore have
 * changed again under the same stamp.
 */
const STAMP_DOUBT_MS = 100

/**
 * Maximum size of a document in bytes. A larger file does not come from the program, because none
 * of its documents is nearly as large. Reading it would block the thread, and the console would
 * respond late to keys.
 */
const LARGEST_BYTES = 16 * 1024 * 1024

/**
 * Number of failed reads after which a file that other processes have open is reported as broken.
 */
const HELD_LOOKS = 10

export interface WatchOptions<S extends z.ZodType> {
  /** The folder must exist. */
  readonly folder: string
  readonly schema: S
  /** Receives all documents by file name without `.json`: at the start and after every change. */
  readonly onChange: (documents: ReadonlyMap<string, z.output<S>>) => void
  /**
   * Receives a file that cannot be read or parsed, once for each different error. The file is not
   * in the map of `onChange`.
   */
  readonly onBroken: (path: string, error: AutomateError) => void
  readonly clock?: Clock
}

export interface DocumentWatch {
  /**
   * Resolves once the existing documents were passed to `onChange` and changes are being watched.
   */
  readonly ready: Promise<void>
  close: () => Promise<void>
}

interface Known<T> {
  readonly stamp: string
  readonly text: string
  readonly value: T | undefined
  readonly heldLooks: number
}

/**
 * Follows a folder of JSON documents. Ignores temporary files, folders and files with other names.
 * Files may disappear at any time. Reports files that cannot be parsed.
 * @throws The system's error if the folder does not exist.
 */
export function watchDocuments<S extends z.ZodType>(options: WatchOptions<S>): DocumentWatch {
  const { folder, schema, onChange, onBroken, clock = systemClock } = options
  const known = new Map<string, Known<z.output<S>>>()
  const complaints = new Map<string, string>()
  let forget: () => void = () => undefined
  let readLater = Infinity
  let reported = false
  let closed = false

  const complain = (path: string, error: AutomateError) => {
    if (complaints.get(path) === error.message) return
    complaints.set(path, error.message)
    onBroken(path, error)
  }

  /**
   * Reads one file if it differs from its known state. Returns true if the documents have changed.
   */
  const read = (name: string): boolean => {
    const path = join(folder, name)
    const before = known.get(name)
    try {
      const stat = statSync(path)
      const stamp = `${stat.mtimeMs}:${stat.ino}:${stat.size}`
      if (before?.stamp === stamp || !stat.isFile()) return false
      if (stat.size > LARGEST_BYTES) throw tooLarge(path, stat.size)
      const text = readFileSync(path, 'utf8')
      const doubtful = clock.now() - stat.mtimeMs < STAMP_DOUBT_MS
      const remember = (value: z.output<S> | undefined) =>
        known.set(name, { stamp: doubtful ? '' : stamp, text, value, heldLooks: 0 })
      if (before?.text === text) {
        remember(before.value)
        return false
      }
      remember(undefined)
      remember(parseDocument(path, text, schema))
      complaints.delete(path)
      return true
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return drop(name)
      if (isHeldOpen(error) && (before?.heldLooks ?? 0) < HELD_LOOKS) {
        const { text = '', value } = before ?? {}
        known.set(name, { stamp: '', text, value, heldLooks: (before?.heldLooks ?? 0) + 1 })
        return false
      }
      if (known.get(name) === before) known.set(name, { stamp: '', text: '', value: undefined, heldLooks: 0 })
      complain(path, isAutomateError(error) ? error : unreadable(path, error))
      return before?.value !== undefined
    }
  }

  const drop = (name: string): boolean => {
    complaints.delete(join(folder, name))
    const before = known.get(name)
    known.delete(name)
    return before?.value !== undefined
  }

  const readAll = (names: readonly string[]): boolean => {
    const present = new Set(names.filter(isDocumentName))
    const gone = [...known.keys()].filter(name => !present.has(name))
    return [...present].map(read).concat(gone.map(drop)).includes(true)
  }

  const notify = () => {
    reported = true
    const documents = new Map<string, z.output<S>>()
    for (const name of [...known.keys()].sort()) {
      const value = known.get(name)?.value
      if (value !== undefined) documents.set(basename(name, '.json'), value)
    }
    onChange(documents)
  }

  const plan = (ms: number) => {
    if (closed || clock.monotonic() + ms >= readLater) return
    forget()
    readLater = clock.monotonic() + ms
    forget = clock.after(ms, pass)
  }

  const pass = () => {
    readLater = Infinity
    const changed = readAll(namesIn(folder))
    plan(LOOK_ANYWAY_MS)
    if (changed || !reported) notify()
  }

  readAll(readdirSync(folder))
  const watched = resolve(folder)
  const watcher = watch(folder, {
    depth: 0,
    atomic: false,
    ignoreInitial: true,
    // The operating system's events for the folder are enough, because the documents are polled
    // here. If chokidar polled each document, the cost would be five times as high.
    ignored: path => resolve(path) !== watched,
  })
  const settled = Promise.withResolvers<undefined>()
  watcher.once('ready', () => settled.resolve(undefined))
  // An error of the watcher only delays updates, because the polls continue.
  for (const event of ['raw', 'all', 'error'] as const) watcher.on(event, () => plan(COALESCE_MS))
  plan(0)

  return {
    ready: settled.promise.then(() => {
      if (!closed) pass()
    }),
    close: async () => {
      closed = true
      forget()
      settled.resolve(undefined)
      await watcher.close()
    },
  }
}

function isDocumentName(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.')
}

function tooLarge(path: string, bytes: number): AutomateError {
  return new AutomateError(
    'document-invalid',
    `${path} has ${bytes} bytes, which is too large for a document of automate-tui. Move the file out of this folder.`,
    { facts: { path, bytes } },
  )
}

function unreadable(path: string, error: unknown): AutomateError {
  return new AutomateError(
    'document-invalid',
    `${path} cannot be read: ${messageOf(error)}. Make the file readable for this user, or move it away.`,
    { facts: { path }, cause: error },
  )
}
