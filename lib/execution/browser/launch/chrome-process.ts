import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { makeFolder } from '../../../core/disk/make-folder.ts'
import type { Clock } from '../../../core/time/clock.ts'
import { delay } from '../../../core/time/timeout.ts'
import { AutomateError, messageOf, systemCode } from '../../../core/errors/errors.ts'
import { BROWSER_OUTPUT } from '../../../model/failure/root-cause.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import { system32 } from '../../../platform/windows/system32.ts'
import { sanitiseBlock } from '../../../core/text/sanitise.ts'
import { READ_BEYOND_CUT, knownSecrets } from '../../../core/secrets/known-secrets.ts'
import { BoundedFile } from '../../../core/disk/bounded-file.ts'
import { chromeFlags, needsNoSandbox } from './chrome-flags.ts'
import type { ChromeFolders } from './chrome-flags.ts'
import { lockProfile } from './profile-lock.ts'
import { followPrintedPort } from '../port/printed-port.ts'
import type { ActivePort } from './verify-port.ts'
import { avoidsDevShm } from './shared-memory.ts'

const PRIVATE_FOLDER = 0o700

/** Maximum length of the excerpt of Chrome's output in an error, in UTF-16 code units. */
const OUTPUT_EXCERPT = 1_500

/**
 * Longest wait for a dead Chrome's output. It is read within milliseconds, but a surviving child of
 * Chrome may hold the pipe open.
 */
const LAST_OUTPUT_LIMIT_MS = 500

export interface ChromeExit {
  readonly code: number | null
  readonly signal: string | null
}

/**
 * A spawned Chrome. Pages can write any amount of output, so the output goes through a pipe into
 * the file `output`, which retains only the first and the last part. Each piece is written as it
 * arrives, so that little is lost when the worker is killed.
 */
export interface ChromeProcess {
  readonly pid: number | null
  /** CDP messages to Chrome and from it, each ended by a zero byte. */
  readonly toChrome: Writable
  readonly fromChrome: Readable
  readonly exited: Promise<ChromeExit>
  readonly output: string
  /**
   * Returns the port of DevTools once Chrome has printed it; undefined before, and if Chrome was
   * started without a port.
   */
  readonly printedPort: () => ActivePort | undefined
  /** Resolves with the end of the output, soon after Chrome's end. Never rejects. */
  lastOutput(clock: Clock): Promise<string>
  /**
   * Ends Chrome and all its processes at once. Does nothing if Chrome has ended. Synchronous,
   * because a dying worker calls it.
   */
  kill(): void
}

export interface SpawnOptions {
  readonly launch: LaunchProfile
  readonly folders: ChromeFolders
  /** File of Chrome's stdout and stderr. */
  readonly output: string
  /** Port for DevTools, in addition to the pipe; with 0 Chrome chooses one. */
  readonly port?: number
}

/**
 * Starts Chrome.
 * @throws `browser-launch` if the system refuses, or another Chrome uses the profile.
 */
export function spawnChrome({ launch, folders, output, port }: SpawnOptions): ChromeProcess {
  lockProfile(folders.profile)
  makeFolder(folders.crashDumps, PRIVATE_FOLDER)
  const machine = { root: needsNoSandbox(), avoidDevShm: avoidsDevShm() }
  const log = new BoundedFile(output, launch.limits.outputBytes)
  const child = spawn(launch.executable, chromeFlags(launch, folders, machine, port), {
    // A separate process group, so that one kill ends the tree; Windows has Job Objects and
    // taskkill for that.
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: chromeEnvironment(launch, folders),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  return watch(child, output, log)
}

function watch(child: ChildProcess, output: string, log: BoundedFile): ChromeProcess {
  let lastOutput: string | undefined
  const printedPort = child.stderr === null ? () => undefined : followPrintedPort(child.stderr)
  const recorded = record([child.stdout, child.stderr], log).then(() => {
    lastOutput = excerptOf(log)
    log.close()
  })
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
    printedPort,
    lastOutput: async clock => {
      await Promise.race([recorded, delay(LAST_OUTPUT_LIMIT_MS, clock)])
      return sanitiseBlock(lastOutput ?? excerptOf(log)).trim()
    },
    kill: () => {
      if (!gone && child.pid !== undefined) killTree(child.pid)
    },
  }
}

/** Returns the end of Chrome's output. */
const excerptOf = (log: BoundedFile): string =>
  knownSecrets.tail(log.end(OUTPUT_EXCERPT + READ_BEYOND_CUT), OUTPUT_EXCERPT)

/** Returns the error of a failed start, with the end of Chrome's output. */
export async function launchFailure(
  executable: string,
  { output, lastOutput }: Pick<ChromeProcess, 'output' | 'lastOutput'>,
  { why, cause, clock }: { readonly why: string; readonly cause?: unknown; readonly clock: Clock },
): Promise<AutomateError> {
  const printed = await lastOutput(clock)
  return new AutomateError(
    'browser-launch',
    `The browser ${executable} did not start: ${why}.${printed === '' ? '' : `${BROWSER_OUTPUT}${printed}`} Run "automate-tui doctor" to check the browser.`,
    { facts: { executable, output }, cause },
  )
}

/** Writes the output of the pipes into the log. Resolves when all pipes have ended. */
async function record(pipes: readonly (Readable | null)[], log: BoundedFile): Promise<void> {
  await Promise.all(
    pipes.map(
      pipe =>
        new Promise<void>(resolve => {
          if (pipe === null) {
            resolve()
            return
          }
          pipe.on('data', (bytes: Buffer) => append(log, bytes))
          pipe.on('error', () => undefined)
          pipe.once('close', resolve)
          // A child of Chrome that outlives it must not keep this process alive.
          if (pipe instanceof Socket) pipe.unref()
        }),
    ),
  )
}

/** Appends output to the log. If the disk is full, the output is lost, but the job continues. */
function append(log: BoundedFile, bytes: Buffer): void {
  try {
    log.append(bytes)
  } catch {
    // There is no other place for the output.
  }
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

/**
 * Returns the environment variables of a Chrome, based on those of this process. On Linux a Chrome
 * without windows gets no session bus. Over the bus Chrome would make systemd move it from its
 * service into a scope of its own (Chromium's `components/dbus/xdg/systemd.cc`), which a shutdown
 * ends at once, while the service still drains.
 */
function chromeEnvironment(
  { kind, headless }: LaunchProfile,
  { crashDumps }: Pick<ChromeFolders, 'crashDumps'>,
): NodeJS.ProcessEnv {
  // Only the headless shell has an argument for its folder of dumps. Without this variable, the
  // others would use the user's own profile.
  const env = { ...process.env, BREAKPAD_DUMP_LOCATION: crashDumps }
  const windowless = kind === 'headless-shell' || headless
  if (process.platform !== 'linux' || !windowless) return env
  // Without the variable, Chrome would use the bus at its usual address.
  return { ...env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' }
}
