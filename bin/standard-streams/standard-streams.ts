import { fstatSync } from 'node:fs'
import { writeAll } from '../../lib/core/disk/whole-file.ts'
import { messageOf, systemCode } from '../../lib/core/errors/errors.ts'
import type { Log } from '../../lib/core/log.ts'
import { outputWriter } from '../../lib/platform/output/output-writer.ts'
import type { OutputWriter } from '../../lib/platform/output/output-writer.ts'
import type { OutputDescriptor } from '../../lib/platform/output/writer-protocol.ts'
import { OutputHealth } from './output-health.ts'

/**
 * Time after which a terminal that accepts no write counts as stalled. Even a slow connection
 * accepts a frame within a second.
 */
const STALLED_AFTER_MS = 5_000

/** Error codes of a write to a pipe whose reader has closed it: EPIPE, and EOF on Windows. */
const READER_GONE = new Set(['EPIPE', 'EOF'])

/**
 * Maximum number of pending writes for a terminal that does not read, enough for the lines of some
 * minutes. Later lines are lost.
 */
const MAX_PENDING_WRITES = 1_000

/**
 * Maximum number of pending bytes for a pipe. The limit is high, because the reader may pause for
 * long (`| less`) and no line should be lost.
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
 * Prevents errors of standard output and standard error from ending the process. A reader that
 * closes its end (`automate-tui demo --no-tui | head -1`) is not an error, because the work and its
 * cleanup matter more than the lines. All other errors are recorded, see `lostOutput`.
 */
export function watchStandardStreams(): void {
  for (const descriptor of DESCRIPTORS) {
    const stream = streamOf(descriptor)
    stream.on('error', (error: Error) => {
      if (stream.isTTY) return
      // The lost write is counted in its callback.
      if (unblocked && !isReaderGone(error)) health[descriptor].fail(error)
      else recordFailure(descriptor, error)
    })
    if (isFile(descriptor)) writeWhole(descriptor)
  }
}

/**
 * Returns the error with which output on stdout was lost; undefined if there was none, or if
 * printing is not the purpose of the command.
 */
export const lostOutput = (): Error | undefined => (optional ? undefined : health[1].failure)

/**
 * Declares that printing is not the purpose of this process, so that its exit code does not depend
 * on its output.
 */
export function makeOutputOptional(): void {
  optional = true
}

/** Sets the log for failures and recoveries of both standard streams. */
export function reportStandardStreams(log: Log): void {
  for (const descriptor of DESCRIPTORS) health[descriptor].reportTo(log)
}

/**
 * Makes all writes to the standard streams non-blocking from now on. Terminals are written in a
 * thread, and on Windows everything is. Elsewhere Node writes to pipes without blocking, and a
 * write to a file blocks no longer than a write to the log.
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
 * Makes writes to a redirected stream complete or fail. Node makes only one system call for a
 * write, and if a disk fills up, the call writes only a part.
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

/**
 * Calls `onStall` each time that an output has accepted nothing for a while. Does not delay the
 * exit of the process.
 */
function watchStall(writer: OutputWriter, onStall: () => void): void {
  let before = -1
  setInterval(() => {
    const { pending, progress } = writer
    if (pending > 0 && progress === before) onStall()
    before = pending > 0 ? progress : -1
  }, STALLED_AFTER_MS).unref()
}
