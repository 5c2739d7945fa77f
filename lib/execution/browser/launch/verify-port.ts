import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../../core/time/clock.ts'
import { delay } from '../../../core/time/timeout.ts'
import { LOOPBACK } from './port-reservation.ts'

/** Chrome answers in milliseconds; a loaded machine may take its time, and a stranger on the port may never answer. */
const ANSWER_LIMIT_MS = 10_000

/** What Chrome answers is half a kilobyte. */
const LONGEST_ANSWER = 16_384

const LOOK_EVERY_MS = 10

/** The file in which Chrome says on which port it listens, and under which path its browser is reached: two lines. */
export const ACTIVE_PORT_FILE = 'DevToolsActivePort'

const Version = z.object({ webSocketDebuggerUrl: z.url() })

export interface ActivePort {
  readonly port: number
  /** `/devtools/browser/<uuid>`: drawn anew by each Chrome. */
  readonly path: string
}

/**
 * What the Chrome of this profile says of itself, as soon as it does; undefined when the signal aborts before. A headless shell always writes the file; Chrome with
 * windows and its new headless mode write it only where they chose the port, and else only print it.
 */
export async function activePort(
  profile: string,
  printed: () => ActivePort | undefined,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ActivePort | undefined> {
  while (!signal.aborted) {
    const reported = printed() ?? readActivePort(profile)
    if (reported !== undefined) return reported
    await delay(LOOK_EVERY_MS, clock, signal)
  }
  return undefined
}

function readActivePort(profile: string): ActivePort | undefined {
  try {
    const [port = '', path = ''] = readFileSync(join(profile, ACTIVE_PORT_FILE), 'utf8').split('\n')
    return /^\d+$/.test(port) && /^\/devtools\/browser\/[\w-]+$/.test(path)
      ? { port: Number(port), path }
      : undefined
  } catch {
    return undefined
  }
}

/**
 * Tells whether the browser that answers on this port of 127.0.0.1 is the one that said so. Its word alone proves nothing: a Chrome that finds its port
 * taken there listens on [::1] under the same number, and says so nowhere but in its log. Never rejects.
 */
export async function verifyPort({ port, path }: ActivePort, clock: Clock): Promise<boolean> {
  const version = Version.safeParse(await ask(port, clock))
  return version.success && new URL(version.data.webSocketDebuggerUrl).pathname === path
}

function ask(port: number, clock: Clock): Promise<unknown> {
  return new Promise(resolve => {
    // An agent of its own: the common one may be told by the environment to go through a proxy.
    const request = get({ host: LOOPBACK, port, path: '/json/version', agent: new Agent() }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.length > LONGEST_ANSWER) request.destroy()
      })
      response.once('close', () => end(parsed(text)))
    })
    const forget = clock.after(ANSWER_LIMIT_MS, () => request.destroy())
    const end = (answer: unknown) => {
      forget()
      resolve(answer)
    }
    request.once('error', () => end(undefined))
    request.once('close', () => end(undefined))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
