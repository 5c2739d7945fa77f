import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { lockPort, sweepPortLocks } from '../../../platform/locks/port-lock.ts'

/** DevTools give whoever reaches them the whole browser: never beyond this machine. */
export const LOOPBACK = '127.0.0.1'

/** Outside of what Linux, Windows and macOS give to whoever asks for any port: only a program that wants this very port takes it. */
const LOWEST_PORT = 20_000
const HIGHEST_PORT = 29_999

/** A machine on which so many ports in a row are taken has none for us. */
const CANDIDATES = 100

/** A port that is held for a browser to come: its socket is bound, and its lock tells all workers of the project. */
export interface PortReservation {
  readonly port: number
  /** Lets the socket go, for the browser to bind; the lock stays. */
  handOver(): Promise<void>
  /** Lets go of socket and lock. */
  release(): Promise<void>
}

/**
 * Reserves a port; `folder` is where locks lie. Locks of dead processes are removed on the way. Thrown with code `browser-launch` when there is no free port.
 */
export async function reservePort(folder: string, clock: Clock): Promise<PortReservation> {
  sweepPortLocks(folder, clock.now())
  for (let tries = 0; tries < CANDIDATES; tries += 1) {
    const reservation = await reserve(folder, randomInt(LOWEST_PORT, HIGHEST_PORT + 1), clock.now())
    if (reservation !== undefined) return reservation
  }
  throw new AutomateError(
    'browser-launch',
    `None of ${CANDIDATES} ports between ${LOWEST_PORT} and ${HIGHEST_PORT} is free. End the programs that hold them, or set "cdp" to "pipe".`,
  )
}

async function reserve(folder: string, port: number, now: number): Promise<PortReservation | undefined> {
  const unlock = lockPort(folder, port, now)
  if (unlock === undefined) return undefined
  const server = await bind(port)
  if (server === undefined) {
    unlock()
    return undefined
  }
  const close = () => new Promise<void>(resolve => server.close(() => resolve()))
  return {
    port,
    handOver: close,
    release: async () => {
      await close()
      unlock()
    },
  }
}

/** Undefined when another program has the port, or the system keeps it (Windows reserves ranges). */
function bind(port: number): Promise<Server | undefined> {
  const server = createServer(socket => socket.destroy())
  return new Promise(resolve => {
    server.once('error', () => resolve(undefined))
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => resolve(server))
  })
}
