import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { writeAll } from './whole-file.ts'

const PRIVATE_FILE = 0o600

/**
 * Share of the limit that is reserved for the beginning of a file, which shows how the program
 * started.
 */
const HEAD_SHARE = 0.5

/**
 * Share of the limit that is retained from the end of a full file. It is less than the remaining
 * half, so that there is room for new writes and the file is not cut at every write.
 */
const TAIL_SHARE = 0.25

const NEWLINE = 10

/**
 * A log file with a maximum size. Its beginning and its end are retained, and the middle is
 * removed. Each write reaches the operating system before it returns, so the last lines survive if
 * the process is killed. No other process may write to the file.
 */
export class BoundedFile {
  private readonly fd: number
  private readonly limitBytes: number
  private size: number
  private leftOutBytes = 0
  private headBytes: number | undefined

  /**
   * Opens the file, to append to its existing content.
   * @throws The system's error.
   */
  constructor(path: string, limitBytes: number) {
    // Not opened for appending, because Windows cannot truncate a file that was opened that way.
    this.fd = openReadWrite(path)
    this.limitBytes = limitBytes
    this.size = fstatSync(this.fd).size
  }

  /**
   * Appends bytes.
   * @throws The system's error, for example on a full disk.
   */
  append(bytes: Uint8Array): void {
    const newest = bytes.subarray(Math.max(0, bytes.length - this.tailBytes))
    if (this.size + newest.length > this.limitBytes) this.leaveOutMiddle(bytes.length - newest.length)
    writeAll(this.fd, newest, this.size)
    this.size += newest.length
  }

  /** Returns the last `bytes` bytes of the file, decoded as UTF-8. */
  end(bytes: number): string {
    return this.read(Math.max(0, this.size - bytes)).toString('utf8')
  }

  close(): void {
    closeSync(this.fd)
  }

  private get tailBytes(): number {
    return Math.floor(this.limitBytes * TAIL_SHARE)
  }

  private leaveOutMiddle(skippedBytes: number): void {
    this.headBytes ??= endOfLines(this.fd, Math.min(this.size, Math.floor(this.limitBytes * HEAD_SHARE)))
    const headBytes = this.headBytes
    const tail = wholeLines(this.read(Math.max(headBytes, this.size - this.tailBytes)))
    this.leftOutBytes += this.size - headBytes - tail.length + skippedBytes
    const kept = Buffer.concat([Buffer.from(gapText(this.leftOutBytes)), tail])
    ftruncateSync(this.fd, headBytes)
    writeAll(this.fd, kept, headBytes)
    this.size = headBytes + kept.length
  }

  private read(from: number): Buffer {
    const bytes = Buffer.alloc(this.size - from)
    return bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, from))
  }
}

/**
 * Removes the middle of a log that another process appends to, if the log exceeds its limit. Bytes
 * that the other process appends during the removal may be lost.
 * @throws The system's error.
 */
export function boundFile(path: string, limitBytes: number): void {
  const fd = openSync(path, 'r+')
  try {
    const { size } = fstatSync(fd)
    if (size <= limitBytes) return
    const headBytes = endOfLines(fd, Math.floor(limitBytes * HEAD_SHARE))
    const tail = Buffer.alloc(Math.floor(limitBytes * TAIL_SHARE))
    readSync(fd, tail, 0, tail.length, size - tail.length)
    ftruncateSync(fd, headBytes)
    const end = openSync(path, 'a')
    try {
      writeAll(end, Buffer.concat([Buffer.from(gapText(size - headBytes - tail.length)), wholeLines(tail)]))
    } finally {
      closeSync(end)
    }
  } finally {
    closeSync(fd)
  }
}

const gapText = (bytes: number): string => `\n… ${bytes} bytes are left out here (maxOutput).\n`

/**
 * Returns the offset after the last complete line within the first `bytes` bytes of a file. A cut
 * within a line could leave half of a secret, which is no longer recognised.
 */
function endOfLines(fd: number, bytes: number): number {
  const head = Buffer.alloc(bytes)
  return head.subarray(0, readSync(fd, head, 0, bytes, 0)).lastIndexOf(NEWLINE) + 1
}

/** Returns the bytes after the first newline, because the line before it may be incomplete. */
function wholeLines(bytes: Buffer): Buffer {
  const newline = bytes.indexOf(NEWLINE)
  return bytes.subarray(newline === -1 ? bytes.length : newline + 1)
}

function openReadWrite(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch {
    return openSync(path, 'w+', PRIVATE_FILE)
  }
}
