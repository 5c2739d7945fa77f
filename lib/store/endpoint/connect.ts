import { connect as connectSocket } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/time/clock.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { newToken } from '../../core/ids.ts'
import { PROGRAM } from '../../core/process/program.ts'
import type { ProgramId } from '../../core/process/program.ts'
import { FRAME_BYTES, FrameReader, writeFrame } from './frames.ts'
import { Challenge, Welcome } from './messages.ts'
import { prove, sameProof } from './proof.ts'

/** Connection on which both sides have proved that they know the token. */
export interface Connection {
  readonly socket: Socket
  /** Sets the listener for all frames. Frames that arrived before are passed to it first. */
  onFrame(listener: (message: unknown) => void): void
}

/**
 * Connects to an owner. Returns undefined if no owner listens at the address, if it does not reply
 * in time, or if it does not know the token.
 * @throws `environment-unfit` if the owner uses another protocol.
 */
export function connectEndpoint(
  address: string,
  token: string,
  waitMs: number,
  clock: Clock,
): Promise<Connection | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(address)
    const reader = new FrameReader()
    const nonce = newToken()
    const early: unknown[] = []
    let ownerNonce: string | undefined
    let listener: ((message: unknown) => void) | undefined
    let proven = false
    const forget = clock.after(waitMs, () => socket.destroy())

    const refuse = (owner: ProgramId | undefined) => {
      reject(otherProtocol(owner))
      socket.destroy()
    }
    const frame = (message: unknown): void => {
      if (proven) {
        if (listener === undefined) early.push(message)
        else listener(message)
      } else if (ownerNonce === undefined) {
        const { program, nonce: challenge } = Challenge.parse(message)
        if (program?.protocol !== PROGRAM.protocol) {
          refuse(program)
          return
        }
        ownerNonce = challenge
        const mac = prove(token, 'client', ownerNonce, nonce)
        writeFrame(socket, { type: 'proof', nonce, mac, pid: process.pid, program: PROGRAM })
      } else {
        const welcome = Welcome.parse(message)
        if (welcome.type === 'refused') {
          refuse(welcome.program)
          return
        }
        if (!sameProof(welcome.mac, prove(token, 'owner', ownerNonce, nonce)))
          throw new Error('a wrong proof')
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

function otherProtocol(owner: ProgramId | undefined): AutomateError {
  const theirs = owner === undefined ? 'an older automate-tui' : `automate-tui ${owner.version}`
  return new AutomateError(
    'environment-unfit',
    `The scheduler of this project runs ${theirs}, but this command is ${PROGRAM.version}. The two versions cannot work together. ` +
      'A scheduler without screens restarts into the installed version when its running jobs have ended. Stop any other scheduler and start it again.',
    { facts: { scheduler: owner?.version ?? null, program: PROGRAM.version } },
  )
}
