import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../../core/time/clock.ts'
import { delay } from '../../../core/time/timeout.ts'
import { LOOPBACK } from './port-reservation.ts'

/**
 * Longest wait for Chrome's reply. Chrome replies in milliseconds, or later on a loaded machine,
 * and a foreign program on the port may never reply.
 */
const ANSWER_LIMIT_MS = 10_000

/** Maximum length of a reply, in UTF-16 code units. Chrome's reply takes half a kilobyte. */
const LONGEST_ANSWER = 16_384

const LOOK_EVERY_MS = 10

/** Name of the file in which Chrome writes its port and, on the second line, its DevTools path. */
export const ACTIVE_PORT_FILE = 'DevToolsActivePort'

const Version = z.object({ webSocketDebuggerUrl: z.url() })

export interface ActivePort {
  readonly port: number
  /** Path `/devtools/browser/<uuid>`, with a new id for each Chrome. */
  readonly path: string
}

/**
 * Resolves with the port that the Chrome of this profile reports; undefined if the signal aborts
 * first. A headless shell always writes the file. Chrome with windows, or in its new headless mode,
 * writes the file only if it chose the port itself; otherwise it only prints the port.
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
 * True if the browser on this port of 127.0.0.1 is the one that reported the port. The report alone
 * proves nothing. If the port is taken on 127.0.0.1, Chrome listens on [::1] under the same number,
 * and reports that only in its log. Never rejects.
 */
export async function verifyPort({ port, path }: ActivePort, clock: Clock): Promise<boolean> {
  const version = Version.safeParse(await ask(port, clock))
  return version.success && new URL(version.data.webSocketDebuggerUrl).pathname === path
}

function ask(port: number, clock: Clock): Promise<unknown> {
  return new Promise(resolve => {
    // A separate agent, because the environment may configure the shared one to use a proxy.
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
