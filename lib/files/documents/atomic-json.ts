import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { syncFolder } from '../../core/disk/whole-file.ts'
import { AutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { describeIssues } from '../../model/issues.ts'

/** On Windows a file that someone holds open, or that is being replaced, is refused with one of these for as long as that lasts. */
const HELD_OPEN = new Set(['EPERM', 'EACCES', 'EBUSY'])

/** Readers hold a document open for far less than a millisecond; antivirus for up to some hundred. */
const HELD_PATIENCE_MS = 2_000

/** The longest pause between two tries, so that a freed file is taken soon. */
const LONGEST_PAUSE_MS = 50

const PRIVATE_FILE = 0o600

let writes = 0
const sleepCell = new Int32Array(new SharedArrayBuffer(4))

export interface WriteOptions {
  /** Sync to disk, the folder included: for what must outlive a power cut (crashes, results). */
  readonly durable?: boolean
}

/** Tells whether a system error says that another process has the file open just now (Windows): trying again helps. */
export function isHeldOpen(thrown: unknown): boolean {
  return HELD_OPEN.has(systemCode(thrown) ?? '')
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT'])

/** Tells whether a system error says that there is no room on the disk, or no more for this user: it helps to wait. */
export function isDiskFull(thrown: unknown): boolean {
  return DISK_FULL.has(systemCode(thrown) ?? '')
}

/**
 * Replaces a JSON document as a whole: no reader ever sees half of it. Synchronous, so that it is done when a dying process asks for it.
 * Throws the system's error when the file cannot be written; then the old document stands and no temporary file is left.
 */
export function writeJsonSync(path: string, value: unknown, options: WriteOptions = {}): void {
  const text = jsonText(path, value)
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${++writes}.tmp`)
  try {
    // Not 'wx': a process before us with our pid may have died and left this very name.
    const file = openSync(temporary, 'w', PRIVATE_FILE)
    try {
      writeFileSync(file, text)
      if (options.durable === true) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    withPatience(() => renameSync(temporary, path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  if (options.durable === true) syncFolder(dirname(path))
}

function jsonText(path: string, value: unknown): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text === 'string') return `${text}\n`
  throw new AutomateError(
    'bug',
    `${path} was to be written with a ${typeof value}, which JSON cannot hold.`,
    {
      facts: { path },
    },
  )
}

function withPatience<T>(act: () => T): T {
  const giveUpAt = performance.now() + HELD_PATIENCE_MS
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return act()
    } catch (error) {
      if (!isHeldOpen(error) || performance.now() > giveUpAt) throw error
      Atomics.wait(sleepCell, 0, 0, waitMs)
    }
  }
}

/** Reads the text of a file. */
export type ReadText = (path: string) => string

const readUtf8: ReadText = path => readFileSync(path, 'utf8')

/**
 * Reads and parses a JSON document, whose text `readText` reads.
 * Thrown with code `document-invalid` as by `parseDocument`. A missing file throws the system's ENOENT.
 */
export function readJsonSync<S extends z.ZodType>(
  path: string,
  schema: S,
  readText: ReadText = readUtf8,
): z.output<S> {
  const read = () => readText(path)
  return parseDocument(path, process.platform === 'win32' ? withPatience(read) : read(), schema)
}

/** `undefined` when the file does not exist; otherwise as `readJsonSync`. */
export function readJsonIfExistsSync<S extends z.ZodType>(
  path: string,
  schema: S,
  readText?: ReadText,
): z.output<S> | undefined {
  try {
    return readJsonSync(path, schema, readText)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The document that stands in `text`; `path` is for the message only.
 * Thrown with code `document-invalid` when it is not JSON or not of the schema: the message names the file, each wrong field, and what to do.
 */
export function parseDocument<S extends z.ZodType>(path: string, text: string, schema: S): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AutomateError('document-invalid', `${path} is not JSON: ${messageOf(error)}. ${REPAIR}`, {
      facts: { path },
      cause: error,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AutomateError(
    'document-invalid',
    `${path}: ${describeIssues(parsed.error)}. ${remedyFor(parsed.error)}`,
    { facts: { path, fields: parsed.error.issues.map(issue => issue.path.join('.')) } },
  )
}

const REPAIR = 'Repair the file, or delete it: what it described is then unknown.'
const UPGRADE = 'Another version of automate-tui wrote it: use that version, or delete the file.'

function remedyFor(error: z.ZodError): string {
  return error.issues.some(issue => issue.path[0] === 'version') ? UPGRADE : REPAIR
}
