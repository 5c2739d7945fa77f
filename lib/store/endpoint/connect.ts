import { connect as connectSocket } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { newToken } from '../../core/ids.ts'
import { FRAME_BYTES, FrameReader, writeFrame } from './frames.ts'
import { Challenge, Welcome } from './messages.ts'
import { prove, sameProof } from './proof.ts'

/** A connection whose both ends have proved the token. */
export interface Connection {
  readonly socket: Socket
  /** Sets who gets every frame from now on; those that came earlier come first. */
  onFrame(listener: (message: unknown) => void): void
}

/** Connects to an owner, or answers undefined when nobody is there, it does not answer in time, or it has not the token. */
export function connectEndpoint(
  address: string,
  token: string,
  waitMs: number,
  clock: Clock,
): Promise<Connection | undefined> {
  return new Promise(resolve => {
    const socket = connectSocket(address)
    const reader = new FrameReader()
    const nonce = newToken()
    const early: unknown[] = []
    let ownerNonce: string | undefined
    let listener: ((message: unknown) => void) | undefined
    let proven = false
    const forget = clock.after(waitMs, () => socket.destroy())

    const frame = (message: unknown) => {
      if (proven) {
        if (listener === undefined) early.push(message)
        else listener(message)
      } else if (ownerNonce === undefined) {
        ownerNonce = Challenge.parse(message).nonce
        const mac = prove(token, 'client', ownerNonce, nonce)
        writeFrame(socket, { type: 'proof', nonce, mac, pid: process.pid })
      } else {
        const { mac } = Welcome.parse(message)
        if (!sameProof(mac, prove(token, 'owner', ownerNonce, nonce))) throw new Error('a wrong proof')
        proven = true
        reader.limit = FRAME_BYTES
        forget()
        resolve({
          socket,
          onFrame: next => {
            listener = next
            for (const each of early.splice(0)) next(each)
          },
        })
      }
    }
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.read(chunk)) frame(message)
      } catch {
        socket.destroy()
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      forget()
      resolve(undefined)
    })
  })
}
