import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { syncFolder } from '../../core/disk/whole-file.ts'
import { AutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { describeIssues } from '../../model/issues.ts'

/**
 * Error codes with which Windows refuses access to a file while another process has it open or
 * replaces it.
 */
const HELD_OPEN = new Set(['EPERM', 'EACCES', 'EBUSY'])

/**
 * Longest wait for a file that another process has open. Readers have a document open for far less
 * than a millisecond; antivirus software may take some hundred milliseconds.
 */
const HELD_PATIENCE_MS = 2_000

/** Longest pause between two tries. It is short, so that a released file is used soon. */
const LONGEST_PAUSE_MS = 50

const PRIVATE_FILE = 0o600

let writes = 0
const sleepCell = new Int32Array(new SharedArrayBuffer(4))

export interface WriteOptions {
  /**
   * Syncs the file and its folder to the disk. For documents that must survive a power failure
   * (crashes, results).
   */
  readonly durable?: boolean
}

/**
 * True if a system error means that another process has the file open now, which happens on
 * Windows. Retrying helps.
 */
export function isHeldOpen(thrown: unknown): boolean {
  return HELD_OPEN.has(systemCode(thrown) ?? '')
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT'])

/** True if a system error means that the disk or the user's quota is full. Waiting may help. */
export function isDiskFull(thrown: unknown): boolean {
  return DISK_FULL.has(systemCode(thrown) ?? '')
}

/**
 * Replaces a JSON document atomically, so that no reader sees a part of it. Synchronous, so that a
 * process can still write while it is exiting.
 * @throws The system's error if the file cannot be written. The old document is then unchanged, and
 * no temporary file remains.
 */
export function writeJsonSync(path: string, value: unknown, options: WriteOptions = {}): void {
  const text = jsonText(path, value)
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${++writes}.tmp`)
  try {
    // Not 'wx', because an earlier process with the same pid may have died and left a file of this
    // name.
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
    `${path} cannot be written, because JSON cannot represent a ${typeof value}.`,
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

/** Function that reads the text of a file. */
export type ReadText = (path: string) => string

const readUtf8: ReadText = path => readFileSync(path, 'utf8')

/**
 * Reads and parses a JSON document. `readText` reads its text.
 * @throws The system's ENOENT error if the file does not exist.
 * @throws `document-invalid` as `parseDocument` does.
 */
export function readJsonSync<S extends z.ZodType>(
  path: string,
  schema: S,
  readText: ReadText = readUtf8,
): z.output<S> {
  const read = () => readText(path)
  return parseDocument(path, process.platform === 'win32' ? withPatience(read) : read(), schema)
}

/** Reads a document as `readJsonSync` does. Returns undefined if the file does not exist. */
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
 * Parses and validates the document in `text`. `path` is used only in the error message.
 * @throws `document-invalid` if the text is not JSON or does not match the schema. The message
 * names the file, each invalid field, and the remedy.
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

const REPAIR = 'Repair the file, or delete it and lose its content.'
const UPGRADE = 'Another version of automate-tui wrote this file. Use that version, or delete the file.'

function remedyFor(error: z.ZodError): string {
  return error.issues.some(issue => issue.path[0] === 'version') ? UPGRADE : REPAIR
}
