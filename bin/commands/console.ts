import { PROGRAM } from '../../lib/core/process/program.ts'
import { runConsole } from '../../screens/app.ts'
import type { ConsoleEnd } from '../../screens/app.ts'
import type { ExitCode } from '../exit-code.ts'
import { EXIT } from '../exit-code.ts'
import { languageOf, wordsOf } from '../../lib/app/project/project.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { ConsoleBackend } from '../console-backend.ts'
import type { OpenProject } from '../open-project.ts'
import { ignoreSignals, onStopSignal } from '../shutdown-signals.ts'
import { restart, takeHandover } from '../upgrade/restart.ts'
import { makeOutputOptional } from '../standard-streams/standard-streams.ts'
import { outputWriter } from '../../lib/platform/output/output-writer.ts'
import { TerminalOutput } from '../../lib/platform/output/terminal-output.ts'

export interface ConsoleOptions {
  readonly readOnly: boolean
  readonly ascii: boolean
  /** Called once, when this process begins to schedule. The demo queues its jobs here. */
  readonly whenScheduling?: (session: OpenProject) => Promise<void>
}

/**
 * Signals after which running jobs are allowed to end. After any other signal, such as a closed
 * terminal, they are interrupted, because the system may kill the program at any moment.
 */
const DRAINING: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT'])

/**
 * Runs the full-screen console, which needs a terminal. Schedules in this project, or attaches to
 * the scheduler that already runs in it.
 */
export async function runFullScreen(project: Project, options: ConsoleOptions): Promise<ExitCode> {
  makeOutputOptional()
  takeHandover()
  const { whenScheduling, readOnly } = options
  // The demo always schedules, because nothing else would run its jobs.
  const port = new ConsoleBackend(
    project,
    whenScheduling === undefined ? { watchOnly: readOnly } : { whenScheduling },
  )
  await port.open()
  const forget = ignoreSignals()
  let ended: ConsoleEnd['reason']
  try {
    const end = await runConsole({
      port,
      input: process.stdin,
      output: new TerminalOutput(process.stdout, outputWriter()),
      env: process.env,
      readOnly,
      ascii: options.ascii,
      language: languageOf(project),
    })
    ended = end.reason
    if (end.reason === 'terminated' && end.signal !== null && DRAINING.has(end.signal)) {
      await drain(port, wordsOf(project))
    }
  } finally {
    await port.close()
    forget()
  }
  // The demo cannot be restarted, because its project and its site end with this process.
  const restarts = ended === 'quit-restart' && whenScheduling === undefined
  return restarts ? restart(project, { from: PROGRAM.version, failed: 0 }) : EXIT.done
}

/**
 * Waits for the running jobs to end, as a headless scheduler does after a signal. A second signal
 * interrupts the jobs that are still running.
 */
async function drain(port: ConsoleBackend, { commands }: Catalogue): Promise<void> {
  if (!port.schedules) return
  const second = Promise.withResolvers<undefined>()
  const forget = onStopSignal(() => second.resolve(undefined))
  process.stderr.write(`${commands.draining}\n`)
  const result = await Promise.race([port.perform({ type: 'quit', mode: 'drain' }), second.promise])
  forget()
  if (result?.ok === false) process.stderr.write(`${sanitiseLine(result.message)}\n`)
}
