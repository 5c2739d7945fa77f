import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { publishFile, writeAll } from '../core/disk/whole-file.ts'
import { AutomateError, messageOf, systemCode } from '../core/errors/errors.ts'
import { systemRemedy } from '../core/errors/system-remedy.ts'

/**
 * Offset of the page with SQLite's lock bytes. SQLite never uses this page, and on Windows a locked
 * range cannot even be read.
 */
const LOCK_PAGE_AT = 0x40000000

/**
 * Number of bytes that are read at once. It is large enough that the number of calls does not
 * matter, and small enough to fit in memory. It is a divisor of LOCK_PAGE_AT.
 */
const CHUNK_BYTES = 1024 * 1024

/** Maximum page size of SQLite. */
const LARGEST_PAGE_BYTES = 65_536

/**
 * Byte ranges of the file change counter and its copy (sqlite.org/fileformat2.html). Opening a
 * database raises both, even if nothing else changes.
 */
const COUNTERS = [
  [24, 28],
  [92, 96],
] as const

const PRIVATE_FILE = 0o600

/**
 * Copies a database file that no process is writing to, and syncs the copy to the disk. Returns the
 * size of the copy in bytes. Removes the copy if this fails.
 * @throws `environment-unfit` if a person can remove the cause, such as a full disk.
 * @throws `store-refused` if the file shrinks while it is being copied.
 * @throws The system's error in all other cases.
 */
export function copyDatabase(from: string, to: string): number {
  try {
    return copyBytes(from, to)
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') throw thrown
    fs.rmSync(to, { force: true })
    throw copyError(from, dirname(to), thrown)
  }
}

/**
 * Returns the error for a copy that could not be written, with the remedy. Returns `thrown` itself
 * if no person can remove the cause.
 */
export function copyError(from: string, folder: string, thrown: unknown): unknown {
  const remedy = systemRemedy(thrown)
  if (remedy === undefined) return thrown
  const message = `${from} cannot be copied to ${folder}: ${messageOf(thrown)}. ${remedy}, and try again.`
  return new AutomateError('environment-unfit', message, { facts: { from, folder }, cause: thrown })
}

/**
 * Returns true if two database files have the same contents. No process may be writing to the file
 * at `path`.
 */
export function isSameDatabase(path: string, copy: string): boolean {
  const files = [path, copy].map(file => fs.openSync(file, 'r'))
  const [one = 0, other = 0] = files
  try {
    const { size } = fs.fstatSync(one)
    if (fs.fstatSync(other).size !== size) return false
    const [chunk, same] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)]
    for (let at = 0; at < size;) {
      if (at === LOCK_PAGE_AT) at += LARGEST_PAGE_BYTES
      const length = Math.min(CHUNK_BYTES - (at % CHUNK_BYTES), size - at)
      if (length <= 0) break
      if (!readFully(one, chunk, length, at) || !readFully(other, same, length, at)) return false
      if (at === 0) for (const [from, to] of COUNTERS) same.copy(chunk, from, from, to)
      if (chunk.compare(same, 0, length, 0, length) !== 0) return false
      at += length
    }
    return true
  } finally {
    for (const file of files) fs.closeSync(file)
  }
}

/** Reads exactly `length` bytes. Returns false if the file ends earlier. */
function readFully(file: number, into: Buffer, length: number, position: number): boolean {
  for (let done = 0; done < length;) {
    const count = fs.readSync(file, into, done, length - done, position + done)
    if (count === 0) return false
    done += count
  }
  return true
}

/** @throws `usage` if `to` exists already or its folder does not. */
export function requireNewFile(to: string): void {
  if (fs.existsSync(to)) throw existsAlready(to)
  if (fs.existsSync(dirname(to))) return
  throw new AutomateError('usage', `The folder of ${to} does not exist. Create it first.`, { facts: { to } })
}

/**
 * Renames a complete copy to its final name.
 * @throws `usage` if another file has been created under that name.
 */
export function publishCopy(temporary: string, to: string): void {
  try {
    publishFile(temporary, to)
  } catch (thrown) {
    throw systemCode(thrown) === 'EEXIST' ? existsAlready(to) : thrown
  }
}

function existsAlready(to: string): AutomateError {
  return new AutomateError('usage', `${to} already exists. Name a file that does not exist.`, {
    facts: { to },
  })
}

function copyBytes(from: string, to: string): number {
  const source = fs.openSync(from, 'r')
  try {
    const target = fs.openSync(to, 'wx', PRIVATE_FILE)
    try {
      const { size } = fs.fstatSync(source)
      const chunk = Buffer.alloc(CHUNK_BYTES)
      for (let at = 0; at < size;) {
        if (at === LOCK_PAGE_AT) at += LARGEST_PAGE_BYTES
        const length = Math.min(CHUNK_BYTES - (at % CHUNK_BYTES), size - at)
        if (length <= 0) break
        const count = fs.readSync(source, chunk, 0, length, at)
        if (count === 0) throw incomplete(from, at, size)
        writeAll(target, chunk.subarray(0, count), at)
        at += count
      }
      fs.fsyncSync(target)
      const copied = fs.fstatSync(target).size
      if (copied !== size) throw incomplete(from, copied, size)
      return size
    } finally {
      fs.closeSync(target)
    }
  } finally {
    fs.closeSync(source)
  }
}

function incomplete(from: string, copied: number, size: number): AutomateError {
  return new AutomateError(
    'store-refused',
    `${from} could not be copied completely: ${copied} of ${size} bytes. Check the disk and try again.`,
    { facts: { from, copied, size } },
  )
}
