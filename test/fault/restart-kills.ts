import type { Test } from 'tap'
import { z } from 'zod'
import { systemClock } from '../../lib/core/clock.ts'
import { pause } from '../../lib/core/deadline.ts'
import { CrashSummary } from '../../lib/domain/crash.ts'
import { JobSummary } from '../../lib/domain/job.ts'
import type { Automate } from '../helpers/automate.ts'
import { familyOf, untilNothingIsLeft } from '../helpers/family.ts'
import { JourneyProject } from '../helpers/journey-project.ts'
import { randomFrom } from './random.ts'

/** From the first sight of a scheduler that claims: long enough for jobs to start, run and end before the latest kill. */
const LATEST_KILL_MS = 3_000

interface RestartKills {
  readonly kills: number
  readonly jobs: number
  readonly seed: number
  /** A page with a heading. */
  readonly url: string
  /** An empty folder. */
  readonly root: string
}

export interface RestartReport {
  /** What was wrong, in words; empty when all is well. */
  readonly problems: readonly string[]
  /** From each kill until no worker and no Chrome was left, in ms. */
  readonly goneMs: readonly number[]
  /** How often jobs were started again because their scheduler was killed. */
  readonly restarts: number
}

/**
 * Kills scheduler after scheduler at random moments while small jobs run, then lets one finish. Each job must then have succeeded once,
 * without failures and without a crash report, and nothing may have been left of any scheduler.
 */
export async function killSchedulers(
  t: Pick<Test, 'teardown'>,
  { kills, jobs, seed, url, root }: RestartKills,
): Promise<RestartReport> {
  const random = randomFrom(seed)
  const problems: string[] = []
  const goneMs: number[] = []
  const project = new JourneyProject(t, root, { workers: 2 })
  const ids: number[] = []
  const ended: unknown[] = []
  for (let n = 1; n <= jobs; n += 1) ids.push(await project.enqueue('visits', { url, n }))

  for (let round = 1; round <= kills; round += 1) {
    const scheduler = await project.schedule()
    await pause(random() * LATEST_KILL_MS, systemClock)
    const family = familyOf(scheduler.pid)
    await scheduler.kill()
    ended.push(...endedJobs(scheduler))
    goneMs.push(await untilNothingIsLeft(family, project.root))
  }
  // What was running at three deaths is parked for the operator, who says go on.
  for (const { id } of await project.ask(z.array(JobSummary), 'jobs', '--state', 'parked'))
    await project.ask(z.unknown(), 'retry', String(id))
  const last = await project.start(['--no-tui', '--until-idle', '--json']).ended
  if (last.code !== 0)
    problems.push(`the last scheduler ended with ${last.code ?? 'a signal'}: ${last.stderr}`)

  const list = await project.ask(z.array(JobSummary), 'jobs')
  const restarts = list.reduce((sum, { attempt }) => sum + attempt - 1, 0)
  for (const { id, state, failures } of list)
    if (state !== 'succeeded' || failures > 0) problems.push(`job ${id} is ${state}, ${failures} failures`)
  if (list.length !== ids.length) problems.push(`${ids.length} jobs queued, ${list.length} there`)
  for (const crash of await project.ask(z.array(CrashSummary), 'crashes'))
    problems.push(`job ${crash.jobId} left a crash report: ${crash.message}`)
  const check = z.object({ ok: z.boolean() })
  if (!(await project.ask(check, 'db', 'check')).ok) problems.push('the database is damaged')
  if (project.profiles().length > 0) problems.push(`profiles are left: ${project.profiles().join(', ')}`)
  return { problems, goneMs, restarts }
}

function endedJobs(scheduler: Automate): unknown[] {
  return scheduler.events().flatMap(({ event, job }) => (event === 'result' ? [job] : []))
}
