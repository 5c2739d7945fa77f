import { closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { messageOf, systemCode } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import { RedactedStream } from '../core/secrets/redact-stream.ts'

const PRIVATE_FILE = 0o600

/**
 * Number of bytes that are read and redacted at once. Between two pieces the process does its other
 * work.
 */
const PIECE_BYTES = 16 * 1024

/**
 * Redacts the secrets that this process knows in a text file that another program has written and
 * closed. Does nothing if the file does not exist or contains no secret. If another secret becomes
 * known in the meantime, it is redacted in the rest of the file.
 * @throws The system's error if the file cannot be read or replaced. The file is then unchanged.
 */
export async function redactFile(path: string): Promise<void> {
  if (!(await holdsSecret(path))) return
  const temporary = `${path}.${process.pid}.tmp`
  const output = openSync(temporary, 'w', PRIVATE_FILE)
  try {
    try {
      for await (const { redacted } of piecesOf(path)) writeFileSync(output, redacted)
    } finally {
      closeSync(output)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Redacts several files, each once. Never rejects; logs which files could not be redacted. */
export async function redactFiles(files: Iterable<string>, log: Pick<Log, 'warn'>): Promise<void> {
  for (const file of new Set(files)) {
    try {
      await redactFile(file)
    } catch (error) {
      log.warn(messageOf(error))
    }
  }
}

async function holdsSecret(path: string): Promise<boolean> {
  let difference = 0
  try {
    // The difference is zero only if nothing was replaced, because the replacement is shorter than
    // any secret.
    for await (const { read, redacted } of piecesOf(path)) difference += read - redacted.length
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
  return difference !== 0
}

/**
 * Reads a file piece by piece. Yields the number of characters of each piece, and the redacted text
 * that can be written after it.
 */
async function* piecesOf(path: string): AsyncGenerator<{ readonly read: number; readonly redacted: string }> {
  const stream = new RedactedStream()
  const decoder = new TextDecoder()
  const bytes = Buffer.alloc(PIECE_BYTES)
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const count = readSync(file, bytes, 0, PIECE_BYTES, null)
      const text = decoder.decode(bytes.subarray(0, count), { stream: count > 0 })
      yield { read: text.length, redacted: stream.write(text) }
      if (count === 0) break
      await setImmediate()
    }
    yield { read: 0, redacted: stream.end() }
  } finally {
    closeSync(file)
  }
}
