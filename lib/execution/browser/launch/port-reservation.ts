import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { lockPort, sweepPortLocks } from '../../../platform/locks/port-lock.ts'

/**
 * Address that DevTools listens on. It is never reachable from another machine, because DevTools
 * controls the whole browser.
 */
export const LOOPBACK = '127.0.0.1'

/**
 * Lowest port of a reservation. The range is outside of the system's ephemeral ports on Linux,
 * Windows and macOS, so only a program that requests this very port takes it.
 */
const LOWEST_PORT = 20_000
const HIGHEST_PORT = 29_999

/**
 * Maximum number of ports to try. If this many ports in a row are taken, the machine has no port
 * for us.
 */
const CANDIDATES = 100

/**
 * A port that is reserved for a browser that will start. A bound socket keeps other programs from
 * taking the port, and a lock keeps the other workers of the project from trying it.
 */
export interface PortReservation {
  readonly port: number
  /** Closes the socket, so that the browser can bind the port; the lock stays. */
  handOver(): Promise<void>
  /** Releases the socket and the lock. */
  release(): Promise<void>
}

/**
 * Reserves a port; `folder` is the folder of the locks. Also removes locks of dead processes.
 * @throws `browser-launch` if there is no free port.
 */
export async function reservePort(folder: string, clock: Clock): Promise<PortReservation> {
  sweepPortLocks(folder, clock.now())
  for (let tries = 0; tries < CANDIDATES; tries += 1) {
    const reservation = await reserve(folder, randomInt(LOWEST_PORT, HIGHEST_PORT + 1), clock.now())
    if (reservation !== undefined) return reservation
  }
  throw new AutomateError(
    'browser-launch',
    `None of ${CANDIDATES} ports between ${LOWEST_PORT} and ${HIGHEST_PORT} is free. End the programs that use them, or set "cdp" to "pipe".`,
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

/**
 * Binds a port. Resolves with undefined if another program has the port, or if the system reserves
 * it (Windows reserves ranges).
 */
function bind(port: number): Promise<Server | undefined> {
  const server = createServer(socket => socket.destroy())
  return new Promise(resolve => {
    server.once('error', () => resolve(undefined))
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => resolve(server))
  })
}
