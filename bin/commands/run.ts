import { errorCode } from '../../lib/core/errors/errors.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import { jobEnded } from '../../lib/model/job/job.ts'
import type { Job } from '../../lib/model/job/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { jsonLine, plainLine } from '../reporter/format.ts'
import { schedulerPhase } from '../../lib/app/port/scheduler-phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jobRequest } from '../job-flags.ts'
import type { JobFlags } from '../job-flags.ts'
import { findWorkflow, jobInput } from '../../lib/app/use-cases/job-input.ts'
import { printResult } from '../output/output.ts'
import { languageOf, wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { JobRun } from '../run/job-run.ts'
import { openForWork } from '../open-project.ts'
import type { OpenProject } from '../open-project.ts'
import { onStopSignal } from '../shutdown-signals.ts'

/**
 * Longest wait for a scheduler that is being restarted, for example by systemd or into a new
 * version.
 */
const RESTART_MS = 30_000

/**
 * Queues one job, shows its phases on stderr, waits for its end and prints its result on stdout. If
 * a scheduler is running, that scheduler runs the job. Otherwise this process schedules until the
 * job has ended, and runs only this job and the jobs that it waits for, because other jobs may
 * belong to another configuration or take hours. If the scheduler ends before the job, this process
 * follows the next scheduler or schedules itself.
 */
export async function runJob(
  project: Project,
  name: string,
  flags: JobFlags,
  json: boolean,
): Promise<ExitCode> {
  const words = wordsOf(project)
  const workflow = await findWorkflow(project, name)
  const request = jobRequest(workflow, jobInput(workflow, flags.input, flags.inputFile), flags)
  const run = new JobRun({
    ...{ project, request },
    listeners: {
      event: event => printLine(json ? jsonLine(event) : plainLine(event, words)),
      snapshot: unreportedPause(words),
    },
    onKeyKnown: ({ id, state }) => printLine(words.commands.keyKnown(id, words.jobState[state])),
    onEnd: job => {
      const { id, state, result, error } = job
      printResult({ id, state, result, error }, json, () => jobText(job, words))
    },
  })
  let session = await openForWork(project)
  // Registered for all sessions and the time between them, so that a signal always cancels the job.
  const forget = onStopSignal(() => run.cancel())
  try {
    for (;;) {
      session.source.subscribe(silenceReporter(translatorFor(languageOf(project)), printLine))
      const job = await run.follow(session)
      if (job !== undefined) return exitCodeOf(job)
      await session.close()
      const next = await nextSession(project, run, () => printLine(words.commands.schedulerEnded))
      if (next === undefined) return exitCodeOf(await run.cancelLeft())
      session = next
    }
  } finally {
    forget()
    await session.close()
  }
}

/**
 * Opens the next session after the scheduler of the last one has ended. Resolves with undefined if
 * the job is to be cancelled before a session is open.
 */
async function nextSession(
  project: Project,
  run: JobRun,
  printWait: () => void,
): Promise<OpenProject | undefined> {
  const { cancelled, afterRun } = run
  try {
    cancelled.throwIfAborted()
    if (!afterRun) printWait()
    const session = await waitForSession(project, cancelled, afterRun)
    if (!cancelled.aborted) return session
    await session.close()
  } catch (error) {
    if (!cancelled.aborted) throw error
  }
  return undefined
}

/**
 * Waits for the next scheduler and opens a session with it, or becomes the scheduler. `afterRun`
 * means that the last scheduler was the process of another "run". No supervisor restarts such a
 * process, so there is no wait.
 */
async function waitForSession(
  project: Project,
  signal: AbortSignal,
  afterRun: boolean,
): Promise<OpenProject> {
  if (!afterRun)
    try {
      return await openForWork(project, { watchOnly: true, waitMs: RESTART_MS, signal })
    } catch (error) {
      // Several "run" processes may stop waiting at the same moment, and the one that becomes the
      // scheduler may not serve the others yet.
      const code = errorCode(error)
      if (code !== 'store-closed' && code !== 'store-busy') throw error
    }
  return openForWork(project, { signal })
}

/** Writes a line to stderr, because stdout is reserved for the result. */
const printLine = (line: string) => process.stderr.write(`${line}\n`)

function jobText(job: Job, { commands, jobState }: Catalogue): string {
  if (!jobEnded(job.state)) return commands.stopping(job.id)
  return job.state === 'succeeded'
    ? terminalJson(job.result, 2)
    : commands.ended(job.id, jobState[job.state], job.error?.message ?? '')
}

function exitCodeOf(job: Job): ExitCode {
  if (job.state === 'succeeded') return EXIT.done
  // A job that has not ended yet is being cancelled.
  return job.state === 'cancelled' || !jobEnded(job.state) ? EXIT.cancelled : EXIT.jobFailed
}

/**
 * Returns a listener that reports on stderr, only once, that the job is waiting because the
 * operator has paused the scheduler.
 */
function unreportedPause({ commands }: Catalogue): (snapshot: Snapshot) => void {
  let warned = false
  return snapshot => {
    const { jobs } = snapshot
    const waits = schedulerPhase(snapshot) === 'paused' && jobs.some(({ state }) => state === 'queued')
    if (waits && !warned) printLine(commands.schedulerPaused)
    warned ||= waits
  }
}

type State = 'well' | 'silent' | 'unwritten'

/**
 * Returns a listener that prints one line when the scheduler stops responding or can no longer
 * write its state, and one when it has recovered.
 */
export function silenceReporter(
  { words, duration }: Pick<Translator, 'words' | 'duration'>,
  print: (line: string) => void,
): (snapshot: Pick<Snapshot, 'silentMs' | 'unwritten' | 'connection'>) => void {
  const { commands } = words
  let reported: State = 'well'
  return ({ silentMs, unwritten, connection }) => {
    const state = silentMs !== null ? 'silent' : unwritten === null ? 'well' : 'unwritten'
    if (state === reported) return
    if (silentMs !== null) print(commands.schedulerSilent(duration(silentMs)))
    else if (unwritten !== null) print(commands.schedulerUnwritten(unwritten))
    else if (connection !== 'lost') print(endOf(reported, commands))
    reported = state
  }
}

const endOf = (reported: State, { schedulerAnswers, schedulerWrites }: Catalogue['commands']): string =>
  reported === 'silent' ? schedulerAnswers : schedulerWrites
