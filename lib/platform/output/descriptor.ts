import { constants, openSync, writeSync } from 'node:fs'
import { WriteStream, isatty } from 'node:tty'
import { messageOf, systemCode } from '../../core/errors/errors.ts'
import { STATE } from './writer-protocol.ts'
import type { OutputDescriptor, WriteResult } from './writer-protocol.ts'

/**
 * Writes all data, waiting as long as the descriptor accepts none. Resolves with the error that
 * ended the write, or with null.
 */
type Write = (data: string | Uint8Array) => Promise<WriteResult['error']>

/**
 * Interval of retries. It is short, so that output continues without a visible delay once the
 * terminal reads again.
 */
const RETRY_MS = 20

/**
 * Maximum number of bytes in one write. A slow connection accepts them in well under a second, so
 * progress is visible.
 */
const BYTES_A_CALL = 4 * 1024

/** Error for a full disk on systems where the write writes nothing and reports no error. */
const NO_SPACE = { code: 'ENOSPC', message: 'ENOSPC: no space left, write' }

/** Opens a descriptor for writing in this thread. `state` is shared with the main thread. */
export function openDescriptor(descriptor: OutputDescriptor, state: Int32Array): Write {
  if (process.platform === 'win32' && isatty(descriptor)) return windowsConsole(descriptor, state)
  const own = openAgain(descriptor)
  const fd = own ?? descriptor
  const blocks = own === undefined
  return data => Promise.resolve(writeAll(fd, Buffer.from(data), blocks, state))
}

/**
 * Opens a terminal a second time, in non-blocking mode. The thread can then be stopped at any time,
 * and the flags of the descriptor that is shared with other processes stay unchanged. Returns
 * undefined if the terminal cannot be opened, for example because it belongs to the user before
 * `su`.
 */
function openAgain(descriptor: OutputDescriptor): number | undefined {
  if (process.platform !== 'linux' || !isatty(descriptor)) return undefined
  const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants
  try {
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NOCTTY | O_NONBLOCK)
  } catch {
    return undefined
  }
}

function writeAll(fd: number, bytes: Buffer, blocks: boolean, state: Int32Array): WriteResult['error'] {
  let from = 0
  while (from < bytes.length) {
    if (Atomics.load(state, STATE.abandoned) === 1) return { code: 'ABANDONED', message: 'abandoned' }
    try {
      if (blocks) Atomics.store(state, STATE.inBlockingWrite, 1)
      const count = writeSync(fd, bytes, from, Math.min(BYTES_A_CALL, bytes.length - from))
      if (count === 0) return NO_SPACE
      from += count
      Atomics.add(state, STATE.progress, 1)
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') return failure(error)
      Atomics.wait(state, STATE.abandoned, 0, RETRY_MS)
    } finally {
      Atomics.store(state, STATE.inBlockingWrite, 0)
    }
  }
  return null
}

/**
 * Returns a function that writes to a Windows console through a stream of its own, which converts
 * the text to UTF-16. The stream writes synchronously.
 */
function windowsConsole(descriptor: OutputDescriptor, state: Int32Array): Write {
  const stream = new WriteStream(descriptor)
  stream.on('error', () => undefined)
  return async data => {
    if (Atomics.load(state, STATE.abandoned) === 1) return { code: 'ABANDONED', message: 'abandoned' }
    Atomics.store(state, STATE.inBlockingWrite, 1)
    const error = await new Promise<Error | null | undefined>(resolve => stream.write(data, resolve))
    Atomics.store(state, STATE.inBlockingWrite, 0)
    Atomics.add(state, STATE.progress, 1)
    return error ? failure(error) : null
  }
}

const failure = (error: unknown) => ({ code: systemCode(error) ?? 'UNKNOWN', message: messageOf(error) })
