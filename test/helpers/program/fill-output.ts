import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { systemCode } from '../../../lib/core/errors/errors.ts'
import { until } from '../until.ts'

/**
 * Number of polls without room after which the output counts as full, because a paused reader may
 * still fill its own buffer.
 */
const FULL_LOOKS = 25

/** Maximum number of bytes to write, many times the capacity of a terminal or a pipe. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Fills the buffer of a terminal or a pipe that has no active reader, so that the next write to it
 * blocks. Linux only.
 * @param pid a process with this standard output
 * @throws if the output is a file, or is read.
 */
export async function fillOutput(pid: number): Promise<void> {
  const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants
  const fd = openSync(`/proc/${pid}/fd/1`, O_WRONLY | O_NOCTTY | O_NONBLOCK)
  try {
    if (fstatSync(fd).isFile())
      throw new Error(`The output of process ${pid} is a file, which is never full.`)
    let full = 0
    await until('the output to be full', () => {
      // A full pipe refuses a write that does not fit as a whole, so smaller writes follow.
      const written = [4096, 64, 1].map(size => writeUntilFull(fd, Buffer.alloc(size, ' ')))
      full = written.every(bytes => bytes === 0) ? full + 1 : 0
      return full >= FULL_LOOKS
    })
  } finally {
    closeSync(fd)
  }
}

function writeUntilFull(fd: number, chunk: Buffer): number {
  for (let bytes = 0; ;) {
    try {
      bytes += writeSync(fd, chunk)
      if (bytes > MOST_BYTES) throw new Error(`Somebody reads the output: it took ${bytes} bytes.`)
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error
      return bytes
    }
  }
}
