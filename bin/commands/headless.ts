import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'
import { openSession } from '../session.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import { jobEnded } from '../../lib/domain/job.ts'
import { PlainReporter } from '../../screens/plain/reporter.ts'

export interface HeadlessOptions {
  readonly json: boolean
  readonly untilIdle: boolean
  /** Called once the scheduler claims jobs; the demo queues its jobs here. */
  readonly whenScheduling?: (session: Awaited<ReturnType<typeof openSession>>) => Promise<void>
}

/**
 * The scheduler without screens: one line for everything that happens. Ends by SIGTERM or Ctrl+C (what runs may end; a second one interrupts it) or,
 * with `untilIdle`, when nothing is queued, running or due; then the exit code tells whether a job failed.
 */
export async function runHeadless(project: Project, options: HeadlessOptions): Promise<ExitCode> {
  const session = await openSession(project)
  const words = wordsOf(project)
  const stop = new StopRequests(words.commands.draining)
  try {
    if (session.store.role !== 'scheduler') {
      throw new AutomateError(
        'environment-unfit',
        'A scheduler runs in this project already. Watch it with "automate-tui", or queue jobs with "automate-tui enqueue".',
      )
    }
    const reporter = new PlainReporter(session.source, session.store, options.json ? null : words, line =>
      process.stdout.write(`${line}\n`),
    )
    const control = await session.schedule()
    if (control === null) throw new AutomateError('bug', 'The owner of the store does not schedule.')
    await options.whenScheduling?.(session)
    await Promise.race([stop.first, options.untilIdle ? control.untilIdle() : stop.first])
    if (stop.requested) await Promise.race([control.drain(), stop.second])
    await reporter.finish(await session.source.refresh())
    return reporter.ended.some(job => jobEnded(job.state) && job.state === 'failed')
      ? EXIT.jobFailed
      : EXIT.done
  } finally {
    await session.close()
    stop.forget()
  }
}

/** SIGTERM, SIGINT and SIGHUP as facts to wait for; on Windows Ctrl+C arrives as SIGINT and a closed window as SIGHUP. */
class StopRequests {
  private count = 0
  private onFirst: () => void = () => undefined
  private onSecond: () => void = () => undefined
  readonly first = new Promise<void>(resolve => {
    this.onFirst = resolve
  })
  readonly second = new Promise<void>(resolve => {
    this.onSecond = resolve
  })

  private readonly notice: string

  /** `notice` is said at the first request. */
  constructor(notice: string) {
    this.notice = notice
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, this.hear)
  }

  get requested(): boolean {
    return this.count > 0
  }

  forget(): void {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.off(signal, this.hear)
  }

  private readonly hear = () => {
    this.count++
    if (this.count === 1) process.stderr.write(`${this.notice}\n`)
    if (this.count === 1) this.onFirst()
    else this.onSecond()
  }
}
