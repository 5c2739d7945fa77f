import type { Socket } from 'node:net'
import { AutomateError } from '../../core/errors/errors.ts'

const NEWLINE = 10

/**
 * Maximum size of a frame during the handshake, in bytes. A peer needs no more before it has proved
 * that it knows the token.
 */
export const HANDSHAKE_FRAME_BYTES = 4 * 1024

const MEGABYTE = 1024 * 1024

/**
 * Maximum size of a frame after the handshake, in bytes. It is enough for a list of thousands of
 * jobs, and prevents a flood.
 */
export const FRAME_BYTES = 32 * MEGABYTE

/** Sends a JSON value as one line. */
export function writeFrame(socket: Socket, message: unknown): void {
  writeText(socket, frameText(message))
}

/**
 * Returns the text of a frame, which may be sent to several clients. `what` names the frame in the
 * error.
 * @throws `input-invalid` if the frame is too large. The peer would otherwise close the connection,
 * and each side would assume that the other one has died.
 */
export function frameText(message: unknown, what = 'A message'): string {
  const text = `${jsonText(message, what)}\n`
  const bytes = Buffer.byteLength(text) - 1
  if (bytes > FRAME_BYTES) throw tooLarge(what, `is ${(bytes / MEGABYTE).toFixed(1)} MB as JSON`)
  return text
}

function jsonText(message: unknown, what: string): string {
  try {
    return JSON.stringify(message)
  } catch (error) {
    // The JavaScript engine has its own limit for the length of a string.
    if (error instanceof RangeError) throw tooLarge(what, 'is much too large', error)
    throw error
  }
}

function tooLarge(what: string, size: string, cause?: RangeError): AutomateError {
  const message = `${what} ${size}, but the store passes at most ${FRAME_BYTES / MEGABYTE} MB at once. Make the value smaller, or store it in a file and pass its path.`
  return new AutomateError('input-invalid', message, { cause })
}

export function writeText(socket: Socket, text: string): void {
  if (socket.writable) socket.write(text)
}

/**
 * Splits received bytes into lines of JSON. Throws if a line is longer than `limit` bytes or is not
 * valid JSON.
 */
export class FrameReader {
  limit = HANDSHAKE_FRAME_BYTES
  private parts: Buffer[] = []
  private length = 0

  read(chunk: Buffer): unknown[] {
    const frames: unknown[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, end))
      frames.push(JSON.parse(this.take()))
      from = end + 1
    }
    if (from < chunk.length) this.keep(chunk.subarray(from))
    return frames
  }

  private keep(part: Buffer): void {
    this.length += part.length
    if (this.length > this.limit) throw new Error(`a frame of more than ${this.limit} bytes`)
    this.parts.push(part)
  }

  private take(): string {
    const [only] = this.parts
    const line = this.parts.length === 1 && only !== undefined ? only : Buffer.concat(this.parts)
    this.parts = []
    this.length = 0
    return line.toString('utf8')
  }
}
