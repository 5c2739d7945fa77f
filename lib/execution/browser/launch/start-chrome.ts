import { systemClock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { spawnChrome } from './chrome-process.ts'
import type { SpawnOptions } from './chrome-process.ts'
import type { StartingChrome } from './starting-chrome.ts'

/**
 * Starts Chrome. Our own CDP connection always uses Chrome's pipe, because no other program can
 * hold its other end, and Chrome ends with the pipe. With `cdp: 'port'`, Chrome also opens a port
 * for DevTools and other programs.
 */
export function startChrome(options: SpawnOptions): StartingChrome {
  return options.launch.cdp === 'port' ? startLater(options) : startNow(options)
}

function startNow(options: SpawnOptions): StartingChrome {
  try {
    const chrome = spawnChrome(options)
    return { started: Promise.resolve({ chrome, devtools: null }), kill: () => chrome.kill() }
  } catch (error) {
    const started = Promise.reject(error instanceof Error ? error : new Error(String(error)))
    started.catch(() => undefined)
    return { started, kill: () => undefined }
  }
}

/**
 * Starts Chrome with a port, once the modules for this are loaded. They are loaded only here,
 * because most workers have no port.
 */
function startLater(options: SpawnOptions): StartingChrome {
  const killed = new AbortController()
  const started = import('./start-on-port.ts').then(({ startOnPort }) =>
    startOnPort(options, systemClock, killed.signal),
  )
  started.catch(() => undefined)
  const givenUp = () =>
    new AutomateError('browser-launch', 'The start of the browser was cancelled, because its worker ends.')
  return { started, kill: () => killed.abort(givenUp()) }
}
