import { rmSync } from 'node:fs'
import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { launchFailure, spawnChrome } from './chrome-process.ts'
import type { ChromeProcess, SpawnOptions } from './chrome-process.ts'
import { LOOPBACK, reservePort } from './port-reservation.ts'
import { activePort, verifyPort } from './verify-port.ts'
import type { StartedChrome } from './starting-chrome.ts'

/**
 * Maximum number of starts with a reserved port. A program that takes this many reserved ports in a
 * row does so on purpose. In that case Chrome chooses a port itself, because it binds the port
 * before others can know the number.
 */
const RESERVED_TRIES = 3

/** Port number that makes Chrome choose. */
const ANY_PORT = 0

/**
 * Longest wait for Chrome's port. Chrome prints it within 0.2 s, or after many times that on a
 * cold, loaded machine.
 */
const SAY_LIMIT_MS = 60_000

/**
 * Starts Chrome on a reserved port and proves that this very Chrome listens there. If another
 * program has taken the port, starts Chrome again on another port. Rejects with code
 * `browser-launch` if Chrome does not start, and with the reason of the signal if it aborts. In
 * both cases no Chrome stays running.
 */
export async function startOnPort(
  options: SpawnOptions,
  clock: Clock,
  killed: AbortSignal,
): Promise<StartedChrome> {
  for (let tries = 1; ; tries += 1) {
    const reservation = tries <= RESERVED_TRIES ? await reservePort(options.folders.ports, clock) : undefined
    try {
      const port = reservation?.port ?? ANY_PORT
      await reservation?.handOver()
      const devtools = await startAndProve({ ...options, port }, clock, killed)
      if (devtools !== undefined) return devtools
      if (port === ANY_PORT) {
        throw new AutomateError(
          'browser-launch',
          `The browser opened no port on ${LOOPBACK} for DevTools. Set "cdp" to "pipe".`,
        )
      }
    } finally {
      await reservation?.release()
    }
  }
}

/**
 * Starts Chrome and verifies its port. If another program listens on the port, ends this Chrome and
 * resolves with undefined.
 */
async function startAndProve(
  options: SpawnOptions,
  clock: Clock,
  killed: AbortSignal,
): Promise<StartedChrome | undefined> {
  killed.throwIfAborted()
  // The port file of an earlier Chrome in this profile would report the wrong port.
  rmSync(options.folders.profile, { recursive: true, force: true, maxRetries: 5 })
  const chrome = spawnChrome(options)
  const kill = () => chrome.kill()
  killed.addEventListener('abort', kill, { once: true })
  const reported = await reportedPort(chrome, options, clock)
  killed.throwIfAborted()
  if (await verifyPort(reported, clock)) return { chrome, devtools: `http://${LOOPBACK}:${reported.port}` }
  killed.removeEventListener('abort', kill)
  chrome.kill()
  await chrome.exited
  return undefined
}

async function reportedPort(chrome: ChromeProcess, { launch, folders }: SpawnOptions, clock: Clock) {
  const enough = new AbortController()
  let why = `it opened no port within ${SAY_LIMIT_MS} ms`
  const forget = clock.after(SAY_LIMIT_MS, () => enough.abort())
  void chrome.exited.then(({ code, signal }) => {
    why = `it ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`
    enough.abort()
  })
  const reported = await activePort(folders.profile, chrome.printedPort, { clock, signal: enough.signal })
  forget()
  if (reported !== undefined) return reported
  chrome.kill()
  throw await launchFailure(launch.executable, chrome, { why, clock })
}
