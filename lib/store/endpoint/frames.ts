import type { Socket } from 'node:net'

const NEWLINE = 10

/** Before a side has proved itself it has no reason to say more. */
export const HANDSHAKE_FRAME_BYTES = 4 * 1024

/** A list of thousands of jobs fits; a flood does not. */
export const FRAME_BYTES = 32 * 1024 * 1024

/** One JSON value a line. */
export function writeFrame(socket: Socket, message: unknown): void {
  writeText(socket, frameText(message))
}

/** A frame that goes to many. */
export const frameText = (message: unknown): string => `${JSON.stringify(message)}\n`

export function writeText(socket: Socket, text: string): void {
  if (socket.writable) socket.write(text)
}

/** Cuts what arrives into lines of JSON. Throws for a line above `limit` bytes and for what is no JSON. */
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
