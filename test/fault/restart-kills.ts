import type { Test } from 'tap'
import { z } from 'zod'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { CrashSummary } from '../../lib/model/failure/crash.ts'
import { JobSummary } from '../../lib/model/job/job.ts'
import type { Automate } from '../helpers/program/automate.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { openProjectStore } from '../helpers/store/project-store.ts'
import { randomFrom } from './random.ts'

const SAY_EVERY = 10

interface RestartKills {
  readonly kills: number
  readonly jobs: number
  readonly seed: number
  /**
   * Latest kill, counted from the moment when the scheduler is seen to claim. Jobs start, run and
   * end within 3,000.
   */
  readonly latestKillMs?: number
  /** Address of a page with a heading. */
  readonly url: string
  /** Path of an empty folder. */
  readonly root: string
  /** Receives the progress from time to time. */
  readonly say?: (line: string) => void
}

export interface RestartReport {
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  /** Times from each kill until no worker and no Chrome remained, in ms. */
  readonly goneMs: readonly number[]
  /** Number of restarts of jobs whose scheduler was killed. */
  readonly restarts: number
}

/**
 * Kills one scheduler after another at random moments while small jobs run, then lets a last
 * scheduler finish. Then each job has succeeded once, without failures and without a crash report,
 * and nothing remains of any scheduler.
 */
export async function killSchedulers(
  t: Pick<Test, 'teardown'>,
  { kills, jobs, seed, latestKillMs = 3_000, url, root, say = () => undefined }: RestartKills,
): Promise<RestartReport> {
  const random = randomFrom(seed)
  const problems: string[] = []
  const goneMs: number[] = []
  const project = new JourneyProject(t, root, { workflows: ['visits'], workers: 2 })
  const ids: number[] = []
  const results: unknown[] = []
  const store = await openProjectStore(project.paths, 'transient')
  for (let n = 1; n <= jobs; n += 1) {
    const order = { workflow: 'visits', input: { url, n }, workers: 1, retries: 0, origin: 'test' } as const
    ids.push((await store.call('jobs.enqueue', order)).id)
  }
  await store.close()

  for (let round = 1; round <= kills; round += 1) {
    const scheduler = await project.schedule()
    await delay(random() * latestKillMs, systemClock)
    const family = processTreeOf(scheduler.pid)
    await scheduler.kill()
    results.push(...resultsOf(scheduler))
    goneMs.push(await untilNothingIsLeft(family, project.root))
    if (round % SAY_EVERY === 0) say(`${round} of ${kills} kills, ${results.length} of ${jobs} jobs done`)
  }
  for (;;) {
    const finisher = project.start(['--no-tui', '--until-idle', '--json'])
    const { code, stderr } = await finisher.ended
    results.push(...resultsOf(finisher))
    // Jobs that were running at three deaths are parked. This scheduler's death may be the third,
    // and then the operator releases the jobs.
    const parked = await project.ask(z.array(JobSummary), 'jobs', '--state', 'parked')
    if (code !== (parked.length === 0 ? 0 : 1))
      problems.push(`the last scheduler ended with ${code ?? 'a signal'}: ${stderr}`)
    for (const { id } of parked) await project.ask(z.unknown(), 'retry', String(id))
    if (parked.length === 0 || problems.length > 0) break
  }
  for (const id of ids) {
    const told = results.filter(job => job === id).length
    if (told > 1) problems.push(`the result of job ${id} was told ${told} times`)
  }

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

/** Returns the jobs with a result in a scheduler's output. */
function resultsOf(scheduler: Automate): unknown[] {
  return scheduler.events().flatMap(({ event, job }) => (event === 'result' ? [job] : []))
}
