import { spawn } from 'node:child_process'
import { X_OK } from 'node:constants'
import { accessSync } from 'node:fs'
import { z } from 'zod'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { outputWriter } from '../../lib/platform/output/output-writer.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { START_ENVIRONMENT } from './start-environment.ts'
import { ProjectTrust } from '../../lib/control/project-trust.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { troubleLine } from '../reporter/format.ts'
import { onStopSignal } from '../shutdown-signals.ts'
import { notifyDirectly } from './notify-directly.ts'

/** Interval of the checks, the same as a scheduler's. */
const LOOK_MS = 2_000

/** Data that a process passes to the version that it restarts into. */
const Handover = z.object({
  /** Version that ran before the restart. */
  from: z.string(),
  /** Number of failed jobs so far, which decides the exit code with `--until-idle`. */
  failed: z.int().nonnegative(),
})
export type Handover = z.infer<typeof Handover>

/** Longest wait for a reader that does not read the output. */
const OUTPUT_WAIT_MS = 5_000
const OUTPUT_LOOK_MS = 20

/**
 * Name of the environment variable with the handover. It has no AUTOMATE_ at its beginning, because
 * it is not a setting.
 */
const VARIABLE = 'RESTARTED_AUTOMATE_TUI'

/**
 * Returns the handover of the version before a restart; null after an ordinary start. Removes it
 * from the environment, so that child processes do not inherit it.
 */
export function takeHandover(): Handover | null {
  const text = process.env[VARIABLE]
  delete process.env['RESTARTED_AUTOMATE_TUI']
  return text === undefined ? null : (Handover.safeParse(parsed(text)).data ?? null)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Starts the installed program with the same arguments, terminal and output, once no other user can
 * change it. The program replaces this process if the system supports that, so that a supervisor, a
 * terminal or a script notices nothing. On Windows the program is a child process, and this process
 * waits for it and returns its exit code.
 */
export async function restart(project: Project, next: Handover): Promise<ExitCode> {
  if (!(await awaitTrust(project))) return EXIT.done
  const env = { ...START_ENVIRONMENT, [VARIABLE]: JSON.stringify(next) }
  const args = [...process.execArgv, ...process.argv.slice(1)]
  await flushOutput()
  if (process.platform !== 'win32' && isExecutable(process.execPath)) {
    process.execve?.(process.execPath, [process.execPath, ...args], env)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', code => resolve(Object.values(EXIT).find(known => known === code) ?? EXIT.bug))
  })
}

/**
 * True if a file can be executed. Replacing this process by a file that cannot would end this
 * process.
 */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Waits until all written text has been accepted by standard output and standard error, for at most
 * a few seconds.
 */
export async function flushOutput(): Promise<void> {
  const streams = [process.stdout, process.stderr]
  if (streams.some(({ isTTY }) => isTTY)) outputWriter().flush(OUTPUT_WAIT_MS)
  await pauseUntil(() => streams.every(({ writableLength, destroyed }) => destroyed || writableLength === 0))
}

async function pauseUntil(fact: () => boolean): Promise<void> {
  for (let waited = 0; !fact() && waited < OUTPUT_WAIT_MS; waited += OUTPUT_LOOK_MS)
    await delay(OUTPUT_LOOK_MS, systemClock)
}

/**
 * Waits until no other user can change the project or the installed program, because this process
 * is about to execute it. No scheduler is running to report the wait, so it is reported here, on
 * stderr and on every channel. Resolves with false at a stop signal.
 */
export async function awaitTrust(project: Project): Promise<boolean> {
  const stop = new AbortController()
  const forget = onStopSignal(() => stop.abort())
  const words = wordsOf(project)
  const say = (level: LogLine['level']) => (message: string) =>
    void process.stderr.write(`${troubleLine({ at: systemClock.now(), level, message }, words)}\n`)
  const trust = new ProjectTrust({
    requireTrust: () => project.requireTrust('program'),
    log: { debug: () => undefined, info: () => undefined, warn: say('warn'), error: say('error') },
    notify: notice => {
      notifyDirectly(project, notice).catch(() => undefined)
    },
    onChange: () => undefined,
  })
  try {
    while (!stop.signal.aborted) {
      if (trust.check()) return true
      await delay(LOOK_MS, systemClock, stop.signal)
    }
    return false
  } finally {
    forget()
  }
}
