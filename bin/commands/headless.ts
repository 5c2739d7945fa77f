import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'
import { isSchedulerStopped } from '../queue-work.ts'
import { isDamaged, reportDamage } from '../damaged-database.ts'
import { openSession } from '../session.ts'
import { StopRequests } from '../signals.ts'
import { makeOutputOptional } from '../standard-streams/standard-streams.ts'
import { AutomateError, messageOf } from '../../lib/core/errors.ts'
import { startWatchdog } from '../../lib/control/watchdog/watchdog.ts'
import { durationMs } from '../../lib/core/duration.ts'
import { systemClock } from '../../lib/core/clock.ts'
import { sanitiseLine } from '../../lib/core/sanitise.ts'
import type { StoreEnd } from '../../lib/store/store.ts'
import { SchedulerDocument } from '../../lib/domain/documents.ts'
import { readJsonIfExistsSync } from '../../lib/files/atomic-json.ts'
import { troubleLine } from '../../screens/plain/format.ts'
import { PlainReporter } from '../../screens/plain/reporter.ts'

export interface HeadlessOptions {
  readonly json: boolean
  readonly untilIdle: boolean
  /** Called once the scheduler claims jobs; the demo queues its jobs here. */
  readonly whenScheduling?: (session: Awaited<ReturnType<typeof openSession>>) => Promise<void>
}

/**
 * The scheduler without screens: one line for everything that happens, and on stderr one for everything that it warns of. Ends by SIGTERM or Ctrl+C (what runs may end; a second one interrupts it) or,
 * with `untilIdle`, when nothing is queued, running or due; then the exit code tells whether a job failed. Thrown with code `environment-unfit` when another scheduler runs, and with `untilIdle`
 * when the scheduler is stopped.
 */
export async function runHeadless(project: Project, options: HeadlessOptions): Promise<ExitCode> {
  makeOutputOptional()
  const words = wordsOf(project)
  const stop = new StopRequests(words.commands.draining)
  const session = await openSession(project, {
    followLogs: false,
    onTrouble: trouble => process.stderr.write(`${troubleLine(trouble, words)}\n`),
  })
  let endWatch: () => void = () => undefined
  try {
    if (session.store.role !== 'scheduler') {
      throw new AutomateError(
        'environment-unfit',
        `A scheduler runs in this project already${schedulerPid(project)}. Watch it with "automate-tui", or queue jobs with "automate-tui enqueue".`,
      )
    }
    // What happened before is known already: it is neither told again nor does it decide the exit code.
    await session.source.ready
    const reporter = new PlainReporter(session.source, session.store, {
      words: options.json ? null : words,
      write: line => void process.stdout.write(`${line}\n`),
      untold: ({ id }, error) =>
        void process.stderr.write(`${sanitiseLine(words.commands.resultUntold(id, messageOf(error)))}\n`),
    })
    const control = await session.schedule()
    if (control === null) throw new AutomateError('bug', 'The owner of the store does not schedule.')
    const limitMs = durationMs(project.resolved.config.hungAfter)
    endWatch = startWatchdog({ limitMs, paths: project.paths, log: session.log })
    // What is queued would be waited for without an end.
    if (options.untilIdle && (await isSchedulerStopped(session.store)))
      throw new AutomateError('environment-unfit', `${words.commands.schedulerPaused}.`)
    if (!stop.requested) await options.whenScheduling?.(session)
    const lost = session.store.closed.then(async end => {
      throw isDamaged(end.error) ? await reportDamage(project, end.error) : lostStore(end)
    })
    await Promise.race([stop.first, options.untilIdle ? control.untilIdle() : stop.first, lost])
    if (stop.requested) await Promise.race([control.drain(), stop.second, lost])
    await reporter.finish(await session.source.refresh())
    if (options.untilIdle && !stop.requested) reporter.idle(systemClock.now())
    return reporter.failed > 0 ? EXIT.jobFailed : EXIT.done
  } finally {
    endWatch()
    await session.close()
  }
}

function lostStore({ error }: StoreEnd): AutomateError {
  const why = error === undefined ? 'another process took it over' : error.message
  return new AutomateError(
    'store-closed',
    `The scheduler lost its database: ${why}. Its workers are ended and their jobs go back to the queue. Start it again.`,
    { cause: error },
  )
}

function schedulerPid({ paths }: Project): string {
  const scheduler = readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)
  return scheduler === undefined ? '' : ` (process ${scheduler.pid})`
}
