import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { AutomateError, messageOf, systemCode } from '../../core/errors.ts'
import type { LaunchProfile } from '../../domain/documents.ts'
import { system32 } from '../../platform/windows/system32.ts'
import { sanitiseBlock } from '../../core/sanitise.ts'
import { chromeEnvironment } from './chrome-environment.ts'
import { chromeFlags, needsNoSandbox } from './chrome-flags.ts'
import type { ChromeFolders } from './chrome-flags.ts'
import { ownProfile } from './own-profile.ts'
import { avoidsDevShm } from './shared-memory.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** How much of Chrome's own output goes into an error. */
const OUTPUT_EXCERPT = 1_500

export interface ChromeExit {
  readonly code: number | null
  readonly signal: string | null
}

/** A Chrome that has been spawned. It writes its output into `output` itself, so that nothing is lost when the worker is killed. */
export interface ChromeProcess {
  readonly pid: number | null
  /** CDP messages to Chrome, each ended by a zero byte, and from it. */
  readonly toChrome: Writable
  readonly fromChrome: Readable
  readonly exited: Promise<ChromeExit>
  readonly output: string
  /** Ends Chrome and all its processes at once. Does nothing when it has ended. Synchronous: a dying worker calls it. */
  kill(): void
}

export interface SpawnOptions {
  readonly launch: LaunchProfile
  readonly folders: ChromeFolders
  /** The file for Chrome's stdout and stderr. */
  readonly output: string
  /** A port for DevTools, beside the pipe; 0 lets Chrome choose. */
  readonly port?: number
}

/** Starts Chrome. Thrown with code `browser-launch` when the system refuses, or another Chrome has the profile. */
export function spawnChrome({ launch, folders, output, port }: SpawnOptions): ChromeProcess {
  ownProfile(folders.profile)
  mkdirSync(folders.crashDumps, { recursive: true, mode: PRIVATE_FOLDER })
  const log = openSync(output, 'a', PRIVATE_FILE)
  const machine = { root: needsNoSandbox(), avoidDevShm: avoidsDevShm() }
  try {
    const child = spawn(launch.executable, chromeFlags(launch, folders, machine, port), {
      // A process group of its own, so that one kill ends the tree; Windows has Job Objects and taskkill for that.
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: chromeEnvironment(launch),
      stdio: ['ignore', log, log, 'pipe', 'pipe'],
    })
    return watch(child, output)
  } finally {
    closeSync(log)
  }
}

function watch(child: ChildProcess, output: string): ChromeProcess {
  const [, , , toChrome, fromChrome] = child.stdio
  if (!isWritable(toChrome) || !isReadable(fromChrome)) {
    throw new AutomateError('browser-launch', 'Chrome was started without its pipe.')
  }
  let gone = false
  const exited = new Promise<ChromeExit>(resolve => {
    child.once('exit', (code, signal) => {
      gone = true
      resolve({ code, signal })
    })
    child.once('error', error => {
      gone = true
      resolve({ code: null, signal: systemCode(error) ?? messageOf(error) })
    })
  })
  return {
    pid: child.pid ?? null,
    toChrome,
    fromChrome,
    exited,
    output,
    kill: () => {
      if (!gone && child.pid !== undefined) killTree(child.pid)
    },
  }
}

/** Why Chrome did not come up, with the last it said. */
export function launchFailure(
  executable: string,
  output: string,
  why: string,
  cause?: unknown,
): AutomateError {
  let said = ''
  try {
    said = sanitiseBlock(readFileSync(output, 'utf8').slice(-OUTPUT_EXCERPT)).trim()
  } catch {
    // Without its output the reason must do.
  }
  return new AutomateError(
    'browser-launch',
    `The browser ${executable} did not start: ${why}.${said === '' ? '' : ` It said: ${said}`} Run "automate-tui doctor" to check the browser.`,
    { facts: { executable, output }, cause },
  )
}

function killTree(pid: number): void {
  try {
    if (process.platform === 'win32') {
      spawnSync(system32('taskkill.exe'), ['/pid', String(pid), '/T', '/F'], {
        windowsHide: true,
        stdio: 'ignore',
      })
    } else {
      process.kill(-pid, 'SIGKILL')
    }
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === 'object' && stream !== null && 'write' in stream
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'read' in stream
}
