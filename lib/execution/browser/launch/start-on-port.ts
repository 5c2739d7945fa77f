import { rmSync } from 'node:fs'
import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { launchFailure, spawnChrome } from './chrome-process.ts'
import type { ChromeProcess, SpawnOptions } from './chrome-process.ts'
import { LOOPBACK, reservePort } from './port-reservation.ts'
import { activePort, verifyPort } from './verify-port.ts'
import type { StartedChrome } from './starting-chrome.ts'

/** Whoever takes so many reserved ports is after them. Then Chrome chooses one itself: it has it before anybody can know of it. */
const RESERVED_TRIES = 3

/** Asks Chrome to choose. */
const ANY_PORT = 0

/** Chrome says within 0.2 s on which port it listens; a cold, loaded machine needs many times that. */
const SAY_LIMIT_MS = 60_000

/**
 * Starts Chrome on a reserved port and proves that it is this very Chrome that answers there; where another program has taken the port, starts it again on another.
 * Rejects with code `browser-launch` when Chrome does not come up, and with the reason of the signal; then no Chrome of it is left.
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

/** Undefined when another program answers on the port; the Chrome that missed it is gone then. */
async function startAndProve(
  options: SpawnOptions,
  clock: Clock,
  killed: AbortSignal,
): Promise<StartedChrome | undefined> {
  killed.throwIfAborted()
  // The file of a Chrome before it would speak for this one.
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
  let why = `it said on no port within ${SAY_LIMIT_MS} ms that it is up`
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
