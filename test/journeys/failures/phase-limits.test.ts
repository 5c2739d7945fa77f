import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { isAlive } from '../../helpers/processes/worker-run.ts'
import { until } from '../../helpers/until.ts'

const LIMIT_MS = 4_000

/**
 * Time for the end of a phase after its limit, the watchdog, a kill, and the picture of the
 * failure.
 */
const GRACE_MS = 10_000

/** Time of two heartbeats without a response, and of the end of the browser. */
const NOTICED_MS = 25_000

t.test('frees the slot of a hanging worker soon after its limit or its fault', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['hangs'], workers: 8 })
  const scheduler = await project.schedule()
  const enqueue = (how: string) => project.queue('hangs', { how })
  const limited = { never: await enqueue('never-settles'), loops: await enqueue('loops') }
  const fault = async (how: string, step: string, act: (worker: { pid: number; chrome: number }) => void) => {
    const job = await enqueue(how)
    const { pid, browser, phase } = await project.atStep(job, step)
    const chrome = browser?.pid ?? 0
    act({ pid, chrome })
    return { job, chrome, at: Date.now(), phaseAt: phase?.startedAt ?? 0 }
  }
  const stop = (pid: number) => process.kill(pid, 'SIGSTOP')
  const stoppedChrome = await fault('closes', 'hangs', ({ chrome }) => stop(chrome))
  const stoppedWorker = await fault('waits', 'hangs', ({ pid }) => stop(pid))
  const idleStopped = await fault('idles', 'idles', ({ chrome }) => stop(chrome))
  const idleKilled = await fault('idles', 'idles', ({ chrome }) => process.kill(chrome, 'SIGKILL'))
  // This job crashes its page by itself, directly after the log of its step.
  const crashed = await enqueue('crashes')

  const ended = async (job: number) => {
    await scheduler.event(`end of job ${job}`, line => line['job'] === job && line['state'] === 'failed')
    const jobs = await project.ask(z.array(JobSummary), 'jobs')
    return jobs.find(({ id }) => id === job) ?? { attemptStartedAt: 0, endedAt: 0, errorMessage: '' }
  }
  for (const [what, job] of Object.entries(limited)) {
    const { attemptStartedAt, endedAt, errorMessage } = await ended(job)
    const tookMs = (endedAt ?? 0) - (attemptStartedAt ?? 0)
    t.comment(`${what}: ${tookMs} ms after its start: ${errorMessage ?? ''}`)
    t.match(errorMessage, /limit of 4000 ms|did not respond at its time limit/)
    t.ok(tookMs < LIMIT_MS + GRACE_MS + 10_000, what)
  }
  for (const [what, { job, chrome, at, phaseAt }, message, boundMs] of [
    ['a stopped Chrome', stoppedChrome, /Waiting for selector|limit|has not responded/, GRACE_MS + LIMIT_MS],
    ['a stopped worker', stoppedWorker, /did not respond at its time limit/, GRACE_MS + LIMIT_MS],
    ['an idle Chrome that is stopped', idleStopped, /has not responded/, NOTICED_MS],
    [
      'an idle Chrome that is killed',
      idleKilled,
      /browser ended unexpectedly|connection to the browser was lost/,
      NOTICED_MS,
    ],
  ] as const) {
    const { endedAt, errorMessage } = await ended(job)
    t.comment(
      `${what}: ${(endedAt ?? 0) - at} ms after the fault, ${(endedAt ?? 0) - phaseAt} ms after the phase began: ${errorMessage ?? ''}`,
    )
    t.match(errorMessage, message, what)
    t.ok((endedAt ?? 0) - at < boundMs, what)
    await until('its Chrome to be gone', () => !isAlive(chrome))
  }
  const crash = await ended(crashed)
  t.match(crash.errorMessage, /page crashed/i, 'chrome://crash')
  t.ok((crash.endedAt ?? 0) - (crash.attemptStartedAt ?? 0) < NOTICED_MS, 'chrome://crash')
  const family = processTreeOf(scheduler.pid)
  scheduler.signal('SIGTERM')
  await scheduler.ended
  await untilNothingIsLeft(family, project.root)
})
