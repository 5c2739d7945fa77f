import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { isSchedulerStopped } from '../../lib/app/use-cases/queue-warning.ts'
import { isDamaged, reportDamage } from '../../lib/app/project/damaged-database.ts'
import { leftJobsLines, readLeftJobs } from '../left-jobs.ts'
import { openForWork } from '../open-project.ts'
import { ShutdownSignals } from '../shutdown-signals.ts'
import { makeOutputOptional } from '../standard-streams/standard-streams.ts'
import { awaitReplacement, notifyFailedStart } from '../upgrade/await-replacement.ts'
import { openAfterOwner } from '../upgrade/open-after-owner.ts'
import { restart, takeHandover } from '../upgrade/restart.ts'
import type { Handover } from '../upgrade/restart.ts'
import { AutomateError, messageOf } from '../../lib/core/errors/errors.ts'
import { startWatchdog } from '../../lib/control/watchdog/watchdog.ts'
import { durationMs } from '../../lib/core/time/duration.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { PROGRAM } from '../../lib/core/process/program.ts'
import type { Trouble } from '../../lib/files/logs/log-writer.ts'
import type { StoreEnd } from '../../lib/store/store.ts'
import { SchedulerDocument } from '../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../lib/files/documents/atomic-json.ts'
import { troubleLine } from '../reporter/format.ts'
import { PlainReporter } from '../reporter/reporter.ts'

export interface HeadlessOptions {
  readonly json: boolean
  readonly untilIdle: boolean
  /** Called once, when the scheduler begins to claim jobs. The demo queues its jobs here. */
  readonly whenScheduling?: (session: Awaited<ReturnType<typeof openForWork>>) => Promise<void>
}

/**
 * Runs the scheduler without screens. If another version is installed while the scheduler runs,
 * lets the running jobs end and restarts into that version.
 * @throws The errors of `schedule`.
 */
export async function runHeadless(project: Project, options: HeadlessOptions): Promise<ExitCode> {
  makeOutputOptional()
  const earlier = takeHandover()
  const stop = new ShutdownSignals(wordsOf(project).commands.draining)
  try {
    const { failed, replaced, left } = await schedule(project, options, stop, earlier)
    if (replaced && !stop.requested) return await restart(project, { from: PROGRAM.version, failed })
    return failed > 0 || left ? EXIT.jobFailed : EXIT.done
  } catch (error) {
    if (earlier !== null) {
      // The previous version, which would have retried the start, no longer runs.
      const reason = `The scheduler has ended. Fix this problem, then start the scheduler again. ${messageOf(error)}`
      await notifyFailedStart(project, earlier.from, reason).catch(() => undefined)
    }
    throw error
  }
}

/** Outcome of a scheduler. */
interface HeadlessEnd {
  /** Number of failed jobs, including those before a restart into this version. */
  readonly failed: number
  /** True if jobs remain that are parked or whose workflows cannot be loaded now. */
  readonly left: boolean
  /** True if another version is to be started in place of this process. */
  readonly replaced: boolean
}

/**
 * Runs the scheduler without screens. Prints one line for each event on stdout, and one for each
 * warning on stderr. Ends after SIGTERM or Ctrl+C, when the running jobs have ended. A second
 * signal interrupts them.
 *
 * With `untilIdle`, ends as soon as nothing is queued, running or due, and no continuous workflow
 * runs. The exit code then reports failed jobs, and jobs that remain because they are parked or
 * their workflow cannot be loaded.
 * @throws `environment-unfit` if another scheduler runs, or with `untilIdle` if the operator has
 * stopped the scheduler.
 */
async function schedule(
  project: Project,
  options: HeadlessOptions,
  stop: ShutdownSignals,
  earlier: Handover | null,
): Promise<HeadlessEnd> {
  const words = wordsOf(project)
  const over = new AbortController()
  const opening = {
    followLogs: false,
    onTrouble: (trouble: Trouble) => void process.stderr.write(`${troubleLine(trouble, words)}\n`),
  }
  const session = await (earlier === null
    ? openForWork(project, opening)
    : openAfterOwner(project, opening, stop.signal))
  // A stop signal came while this process was waiting for another one to end.
  if (session === null) return { failed: earlier?.failed ?? 0, replaced: false, left: false }
  let endWatch: () => void = () => undefined
  try {
    if (session.store.role !== 'scheduler') {
      throw new AutomateError(
        'environment-unfit',
        `A scheduler already runs in this project${schedulerPid(project)}. Watch it with "automate-tui", or queue jobs with "automate-tui enqueue".`,
      )
    }
    // Events before this point are neither printed nor counted for the exit code.
    await session.source.ready
    const reporter = new PlainReporter(session.source, session.store, {
      words: options.json ? null : words,
      write: line => void process.stdout.write(`${line}\n`),
      unreported: ({ id }, error) =>
        void process.stderr.write(`${sanitiseLine(words.commands.resultUntold(id, messageOf(error)))}\n`),
    })
    const limitMs = durationMs(session.project.resolved.config.hungAfter)
    endWatch = startWatchdog({ limitMs, paths: project.paths, log: session.log })
    const control = await session.schedule()
    if (control === null) throw new AutomateError('bug', 'The owner of the store does not run the scheduler.')
    void stop.second.then(() => control.leave())
    // A scheduler that the operator has stopped claims nothing, so the wait for queued jobs would
    // never end.
    if (options.untilIdle && (await isSchedulerStopped(session.store)))
      throw new AutomateError('environment-unfit', `${words.commands.schedulerPaused}.`)
    const stops = control.continuous.map(name => `automate-tui services stop ${name}`)
    if (options.untilIdle && stops.length > 0)
      process.stderr.write(`${words.commands.neverIdle(stops.join('; '))}\n`)
    if (!stop.requested) await options.whenScheduling?.(session)
    const lost = session.store.closed.then(async end => {
      const error = isDamaged(end.error) ? await reportDamage(project, end.error) : lostStore(end)
      if (end.reason !== 'closed') session.log.error(error.message)
      throw error
    })
    const ended = await Promise.race([
      stop.first.then(() => 'stopped' as const),
      ...(options.untilIdle ? [control.untilIdle().then(() => 'idle' as const)] : []),
      control.removed().then(() => 'removed' as const),
      awaitReplacement(session, control, over.signal).then(() => 'replaced' as const),
      lost,
    ])
    if (ended !== 'idle' || stop.requested) await Promise.race([control.drain(), stop.second, lost])
    await reporter.finish(await session.source.refresh())
    if (ended === 'removed') throw removedPackage()
    const replaced = ended === 'replaced'
    const left = ended === 'idle' ? await readLeftJobs(session.store) : null
    const missing = control.missingWorkflows().map(({ name }) => name)
    const leftLines = left === null ? [] : leftJobsLines(left, missing, words)
    const leftCount = left === null || leftLines.length === 0 ? 0 : left.parkedCount + left.waiting
    if (ended === 'idle' && !stop.requested) reporter.idle(systemClock.now(), leftCount)
    for (const line of leftLines) process.stderr.write(`${line}\n`)
    if (replaced && options.whenScheduling !== undefined) throw replacedDemo()
    return { failed: reporter.failed + (earlier?.failed ?? 0), replaced, left: leftLines.length > 0 }
  } finally {
    endWatch()
    over.abort()
    await session.close()
  }
}

function removedPackage(): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `The package of automate-tui ${PROGRAM.version} was removed while its scheduler ran. Queued jobs wait. Install automate-tui again, then start the scheduler.`,
  )
}

function replacedDemo(): AutomateError {
  const message = 'Another version of automate-tui was installed while the demo ran. Start the demo again.'
  return new AutomateError('environment-unfit', message)
}

function lostStore({ error }: StoreEnd): AutomateError {
  const why = error === undefined ? 'another process opened it' : error.message
  return new AutomateError(
    'store-closed',
    `The scheduler lost its database: ${why}. Its workers end, and their jobs return to the queue. Start the scheduler again.`,
    { cause: error },
  )
}

function schedulerPid({ paths }: Project): string {
  const scheduler = readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)
  return scheduler === undefined ? '' : ` (process ${scheduler.pid})`
}
