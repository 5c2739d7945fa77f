import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { errorToRecord } from '../../core/errors/errors.ts'
import { newToken } from '../../core/ids.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { FRAME_BYTES, FrameReader, frameText, writeFrame, writeText } from './frames.ts'
import { FromClient, Proof } from './messages.ts'
import type { ChangeMessage, FromOwner, ReplyMessage, RequestMessage } from './messages.ts'
import { prove, sameProof } from './proof.ts'

/** Longest wait for a client's proof, which normally arrives within milliseconds. */
const HANDSHAKE_MS = 5_000

/** Number of unread bytes after which a client counts as dead. */
const UNREAD_BYTES = 64 * 1024 * 1024

export interface EndpointEvents {
  request(request: RequestMessage, respond: (reply: ReplyMessage) => void): void
  /**
   * Called for a new client. `client` is a number that this owner gives to the connection; `pid` is
   * the pid that the client states.
   */
  connected(client: number, pid: number): void
  gone(client: number): void
}

/**
 * The owner's side of the endpoint. Closes a connection that breaks the protocol, without affecting
 * the others.
 */
export class EndpointServer {
  private server: Server | undefined
  /**
   * Sockets whose clients have proved that they know the token, with the tables that each client
   * follows; null for all tables.
   */
  private readonly proven = new Map<Socket, ReadonlySet<string> | null>()
  private readonly sockets = new Set<Socket>()
  private readonly token: string
  private readonly events: EndpointEvents
  private lastClient = 0

  constructor(token: string, events: EndpointEvents) {
    this.token = token
    this.events = events
  }

  /**
   * Listens at a new address, and stops listening at the previous one. Established connections are
   * not affected.
   */
  async listen(address: string): Promise<void> {
    const server = createServer(socket => this.accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(address, resolve)
    })
    this.server?.close()
    this.server = server
  }

  /**
   * Sends a change only to the clients that follow one of its tables, because waking every worker
   * at every commit would cost more than the commit.
   */
  broadcast(change: ChangeMessage): void {
    const text = frameText(change satisfies FromOwner)
    for (const [socket, followed] of this.proven)
      if (followed === null || change.tables.some(table => followed.has(table))) this.send(socket, text)
  }

  /** Sends `bye` to every client and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      if (this.server === undefined) resolve()
      else this.server.close(() => resolve())
    })
    const bye = frameText({ type: 'bye' } satisfies FromOwner)
    for (const socket of this.proven.keys()) this.send(socket, bye)
    for (const socket of this.sockets) {
      if (this.proven.has(socket)) socket.destroySoon()
      else socket.destroy()
    }
    const forget = systemClock.after(HANDSHAKE_MS, () => {
      for (const socket of this.sockets) socket.destroy()
    })
    await closed
    forget()
  }

  private accept(socket: Socket): void {
    const reader = new FrameReader()
    const nonce = newToken()
    let client: number | undefined
    const forget = systemClock.after(HANDSHAKE_MS, () => socket.destroy())
    const frame = (message: unknown) => {
      if (client !== undefined) {
        this.onMessage(socket, FromClient.parse(message))
        return
      }
      const proof = Proof.parse(message)
      if (!sameProof(proof.mac, prove(this.token, 'client', nonce, proof.nonce)))
        throw new Error('a wrong proof')
      if (proof.program?.protocol !== PROGRAM.protocol) {
        writeFrame(socket, { type: 'refused', program: PROGRAM })
        socket.destroySoon()
        return
      }
      forget()
      reader.limit = FRAME_BYTES
      this.lastClient += 1
      client = this.lastClient
      this.proven.set(socket, null)
      const mac = prove(this.token, 'owner', nonce, proof.nonce)
      writeFrame(socket, { type: 'welcome', mac, program: PROGRAM })
      this.events.connected(client, proof.pid)
    }
    this.sockets.add(socket)
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.read(chunk)) frame(message)
      } catch {
        socket.destroy()
      }
    })
    // The connection of a client that dies is reset, and 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      forget()
      this.sockets.delete(socket)
      this.proven.delete(socket)
      if (client !== undefined) this.events.gone(client)
    })
    writeFrame(socket, { type: 'challenge', nonce, program: PROGRAM })
  }

  private onMessage(socket: Socket, message: z.infer<typeof FromClient>): void {
    if (message.type === 'follow') this.proven.set(socket, message.tables && new Set(message.tables))
    else this.events.request(message, reply => this.send(socket, replyText(message.name, reply)))
  }

  private send(socket: Socket, text: string): void {
    if (socket.writableLength > UNREAD_BYTES) socket.destroy()
    else writeText(socket, text)
  }
}

/** Returns the text of a reply. If the reply is too large, returns the text of an error instead. */
function replyText(name: string, reply: ReplyMessage): string {
  try {
    return frameText(reply satisfies FromOwner, `The answer to ${name}`)
  } catch (thrown) {
    const refusal = { type: 'reply', seq: reply.seq, ok: false, error: errorToRecord(thrown) } as const
    return frameText(refusal satisfies FromOwner)
  }
}
