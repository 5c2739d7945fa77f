import { fstatSync } from 'node:fs'
import { writeAll } from '../../lib/core/disk/whole-file.ts'
import { messageOf, systemCode } from '../../lib/core/errors/errors.ts'
import type { Log } from '../../lib/core/log.ts'
import { outputWriter } from '../../lib/platform/output/output-writer.ts'
import type { OutputWriter } from '../../lib/platform/output/output-writer.ts'
import type { OutputDescriptor } from '../../lib/platform/output/writer-protocol.ts'
import { OutputHealth } from './output-health.ts'

/**
 * Time without a taken write after which a terminal counts as stalled. A slow connection takes a
 * frame within a second.
 */
const STALLED_AFTER_MS = 5_000

/** Errors of a pipe without a reader: EPIPE, and EOF on Windows. */
const READER_GONE = new Set(['EPIPE', 'EOF'])

/**
 * Most pending writes for a terminal that does not read: some minutes of lines. Later lines are
 * lost.
 */
const MAX_PENDING_WRITES = 1_000

/**
 * Most pending bytes for a pipe. Its reader may pause for long (`| less`), and no line may be lost.
 */
const MAX_PENDING_BYTES = 16 * 1024 * 1024

const notRead = () => new Error('its reader has stopped reading')

const terminal = new OutputHealth('terminal')
const streamOf = (descriptor: OutputDescriptor) => (descriptor === 1 ? process.stdout : process.stderr)
const healthOf = (descriptor: OutputDescriptor, name: string) =>
  streamOf(descriptor).isTTY ? terminal : new OutputHealth(name)
const health = { 1: healthOf(1, 'standard output'), 2: healthOf(2, 'standard error') } as const
const DESCRIPTORS = [1, 2] as const

let unblocked = false
let optional = false

/**
 * Ignores every error of standard output and standard error. A closed reader (`automate-tui demo
 * --no-tui | head -1`) is no error, because the work and its cleaning up count more than the lines.
 * All other errors are recorded, see `lostOutput`.
 */
export function watchStandardStreams(): void {
  for (const descriptor of DESCRIPTORS) {
    const stream = streamOf(descriptor)
    stream.on('error', (error: Error) => {
      if (stream.isTTY) return
      // The callback of the write has counted the error.
      if (unblocked && !isReaderGone(error)) health[descriptor].fail(error)
      else recordFailure(descriptor, error)
    })
    if (isFile(descriptor)) writeWhole(descriptor)
  }
}

/** Returns the error of standard output, for a command with the purpose to print. */
export const lostOutput = (): Error | undefined => (optional ? undefined : health[1].failure)

/**
 * Declares that this process has other work than to print, so that its exit code does not depend on
 * its output.
 */
export function makeOutputOptional(): void {
  optional = true
}

/** Sets the log for failures and recoveries of both streams. */
export function reportStandardStreams(log: Log): void {
  for (const descriptor of DESCRIPTORS) health[descriptor].reportTo(log)
}

/**
 * Makes all writes to the standard streams non-blocking from now on. Terminals, and everything on
 * Windows, are written in a thread. Elsewhere Node writes pipes without blocking, and files block
 * no longer than the log does.
 */
export function unblockStandardStreams(): void {
  if (unblocked) return
  unblocked = true
  for (const descriptor of DESCRIPTORS) {
    const inThread = streamOf(descriptor).isTTY || process.platform === 'win32'
    if (inThread) writeInThread(descriptor)
    else writeAsNodeDoes(descriptor)
  }
}

type Done = (error?: Error | null) => void

function writeInThread(descriptor: OutputDescriptor): void {
  const writer = outputWriter()
  writer.subscribe({
    finished: ({ descriptor: written, error }) => {
      if (written !== descriptor) return
      if (error === null) health[descriptor].succeed()
      else recordFailure(descriptor, Object.assign(new Error(error.message), { code: error.code }))
    },
  })
  watchStall(writer, () => {
    if (writer.awaits(descriptor)) health[descriptor].fail(notRead())
  })
  streamOf(descriptor).write = (
    chunk: Uint8Array | string,
    encoding?: BufferEncoding | Done,
    done?: Done,
  ): boolean => {
    if (writer.pending < MAX_PENDING_WRITES) writer.write(descriptor, chunk)
    else health[descriptor].lose(notRead())
    const written = typeof encoding === 'function' ? encoding : done
    if (written !== undefined) process.nextTick(written)
    return true
  }
}

function writeAsNodeDoes(descriptor: OutputDescriptor): void {
  const stream = streamOf(descriptor)
  const write = stream.write.bind(stream)
  stream.write = (chunk: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const written = typeof encoding === 'function' ? encoding : done
    if (stream.writableLength > MAX_PENDING_BYTES) {
      health[descriptor].lose(notRead())
      if (written !== undefined) process.nextTick(written)
      return true
    }
    return write(chunk, typeof encoding === 'string' ? encoding : 'utf8', error => {
      if (!error) health[descriptor].succeed()
      else recordFailure(descriptor, error)
      written?.(error)
    })
  }
}

/**
 * Writes a file whole or fails. Node makes one system call a write, and a disk that fills up takes
 * only a part of it.
 */
function writeWhole(descriptor: OutputDescriptor): void {
  streamOf(descriptor)._write = (chunk: Uint8Array | string, _encoding, done) => {
    try {
      writeAll(descriptor, chunk)
    } catch (error) {
      done(error instanceof Error ? error : new Error(messageOf(error)))
      return
    }
    done()
  }
}

function isFile(descriptor: OutputDescriptor): boolean {
  try {
    return fstatSync(descriptor).isFile()
  } catch {
    return false
  }
}

function recordFailure(descriptor: OutputDescriptor, error: Error): void {
  if (!isReaderGone(error)) health[descriptor].lose(error)
}

const isReaderGone = (error: Error): boolean => READER_GONE.has(systemCode(error) ?? '')

/** Reports each time that a terminal has taken nothing for a while. Does not delay an exit. */
function watchStall(writer: OutputWriter, onStall: () => void): void {
  let before = -1
  setInterval(() => {
    const { pending, progress } = writer
    if (pending > 0 && progress === before) onStall()
    before = pending > 0 ? progress : -1
  }, STALLED_AFTER_MS).unref()
}
