import * as fs from 'node:fs'
import { publishFile, writeAll } from '../core/disk/whole-file.ts'
import { AutomateError, systemCode } from '../core/errors.ts'
import { newUuid } from '../core/ids.ts'

/** The page that holds SQLite's lock bytes is never used, and on Windows a locked range cannot even be read. */
const LOCK_PAGE_AT = 0x40000000

/** Large enough that the calls cost nothing, small enough to be no burden; divides LOCK_PAGE_AT. */
const CHUNK_BYTES = 1024 * 1024

/** No page of SQLite is larger. */
const LARGEST_PAGE_BYTES = 65_536

const PRIVATE_FILE = 0o600

/**
 * Copies a database file that nobody writes now, synced and under its name only when whole. Answers its size in bytes.
 * Thrown `usage` when `to` exists already or its folder does not.
 */
export function copyDatabase(from: string, to: string): number {
  const temporary = `${to}.${newUuid()}.tmp`
  try {
    if (fs.existsSync(to)) throw Object.assign(new Error('exists'), { code: 'EEXIST' })
    const size = copyBytes(from, temporary)
    publishFile(temporary, to)
    return size
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'EEXIST') {
      throw new AutomateError('usage', `${to} exists already. Name a file that does not.`, { facts: { to } })
    }
    if (code === 'ENOENT') {
      throw new AutomateError('usage', `The folder of ${to} does not exist. Make it first.`, {
        facts: { to },
      })
    }
    throw thrown
  } finally {
    fs.rmSync(temporary, { force: true })
  }
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
