import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { AutomateError, messageOf, systemCode } from '../core/errors.ts'

/** On Windows a rename over a file that someone holds open is refused for as long as they hold it. */
const HELD_OPEN = new Set(['EPERM', 'EACCES', 'EBUSY'])

/** Readers hold a document open for far less than a millisecond; antivirus for up to some hundred. */
const RENAME_PATIENCE_MS = 2_000

const PRIVATE_FILE = 0o600

let writes = 0
const sleepCell = new Int32Array(new SharedArrayBuffer(4))

export interface WriteOptions {
  /** Sync to disk before the rename: for what must outlive a power cut (crashes, results). */
  readonly durable?: boolean
}

/**
 * Replaces a JSON document as a whole: no reader ever sees half of it. Synchronous, so that it is done when a dying process asks for it.
 * Throws the system's error when the file cannot be written; then the old document stands and no temporary file is left.
 */
export function writeJsonSync(path: string, value: unknown, options: WriteOptions = {}): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${++writes}.tmp`)
  try {
    const file = openSync(temporary, 'wx', PRIVATE_FILE)
    try {
      writeFileSync(file, `${JSON.stringify(value)}\n`)
      if (options.durable === true) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameWithPatience(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function renameWithPatience(from: string, to: string): void {
  const giveUpAt = performance.now() + RENAME_PATIENCE_MS
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    try {
      renameSync(from, to)
      return
    } catch (error) {
      if (!HELD_OPEN.has(systemCode(error) ?? '') || performance.now() > giveUpAt) throw error
      Atomics.wait(sleepCell, 0, 0, waitMs)
    }
  }
}

/**
 * Reads and parses a JSON document.
 * Thrown with code `document-invalid` when it is not JSON or not of the schema: the message names the file and the field. A missing file throws the
 * system's ENOENT.
 */
export function readJsonSync<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  const text = readFileSync(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AutomateError('document-invalid', `${path} is not JSON: ${messageOf(error)}`, {
      facts: { path },
      cause: error,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AutomateError('document-invalid', `${path}: ${describeIssues(parsed.error)}`, { facts: { path } })
}

/** `undefined` when the file does not exist; otherwise as `readJsonSync`. */
export function readJsonIfExistsSync<S extends z.ZodType>(path: string, schema: S): z.output<S> | undefined {
  try {
    return readJsonSync(path, schema)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** `phase.index must be …; workers must be …`: the fields that are wrong, and how. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(
      issue => `${issue.path.length === 0 ? 'the document' : `"${issue.path.join('.')}"`}: ${issue.message}`,
    )
    .join('; ')
}
