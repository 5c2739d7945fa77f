import type { Test } from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import type { OpenStore } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Automate } from '../helpers/program/automate.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { until } from '../helpers/until.ts'
import {
  damagedDocuments,
  enqueueUpTo,
  finish,
  processOf,
  untilProfilesAreSwept,
  withStore,
} from './fault-project.ts'
import { randomFrom } from './random.ts'

/**
 * Longest time between two kills: long enough for a worker to start, and short enough to kill a
 * starting worker too.
 */
const LATEST_KILL_MS = 900

/** One kill in eight kills the scheduler. Half of the others kill a worker, half its browser. */
const SCHEDULER_EVERY = 8

/** Number of jobs that always wait or run, so that there is always a process to kill. */
const JOBS_AHEAD = 6

const SAY_EVERY = 50

interface Kills {
  readonly kills: number
  readonly seed: number
  /** Address of a page that responds under every path. */
  readonly url: string
  /** Path of an empty folder. */
  readonly root: string
  /** Receives the progress from time to time. */
  readonly say?: (line: string) => void
}

export interface KillsReport {
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  readonly killed: { readonly workers: number; readonly browsers: number; readonly schedulers: number }
  readonly jobs: number
  readonly crashes: number
}

/**
 * Kills workers, their browsers and their scheduler at random moments, and lets a last scheduler
 * finish. Then every job has succeeded, and every killed attempt has one crash report (or had
 * succeeded by then, or lost its scheduler too). No other report exists, no document is damaged,
 * and no process remains.
 */
export async function killAtRandom(
  t: Pick<Test, 'teardown'>,
  { kills, seed, url, root, say = () => undefined }: Kills,
): Promise<KillsReport> {
  const random = randomFrom(seed)
  const project = new JourneyProject(t, root, { workflows: ['survives'], workers: 3 })
  const problems: string[] = []
  const ids: number[] = []
  const killed = { workers: 0, browsers: 0, schedulers: 0 }
  /**
   * Attempts with a killed worker or browser, and attempts that ran when their scheduler was
   * killed.
   */
  const hit = new Set<string>()
  const orphaned = new Set<string>()
  const keepBusy = (role: OpenStore['role']) =>
    enqueueUpTo(project, role, JOBS_AHEAD, async store => {
      const job = { workflow: 'survives', input: { url }, workers: 1, retries: 1_000, origin: 'cli' }
      ids.push((await store.call('jobs.enqueue', job)).id)
    })
  await keepBusy('transient')
  let scheduler: Automate | undefined
  for (let round = 1; round <= kills; round += 1) {
    if (round % SAY_EVERY === 0) say(`${round} of ${kills} kills, ${ids.length} jobs`)
    scheduler ??= await project.schedule()
    await keepBusy('client')
    await delay(random() * LATEST_KILL_MS, systemClock)
    if (random() * SCHEDULER_EVERY < 1) {
      killed.schedulers += 1
      const family = processTreeOf(scheduler.pid)
      await scheduler.kill()
      for (const { job } of project.workers()) if (job !== null) orphaned.add(`${job.jobId}.${job.attempt}`)
      await untilNothingIsLeft(family, project.root)
      problems.push(...damagedDocuments(project))
      scheduler = undefined
      continue
    }
    const kind = random() < 0.5 ? 'workers' : 'browsers'
    const place = random()
    const victim = await until(`one of the ${kind}`, () => {
      const there = project.workers().filter(worker => processOf(worker, kind) !== undefined)
      return there[Math.floor(place * there.length)]
    })
    const target = processOf(victim, kind)
    if (target === undefined || victim.job === null) continue
    hit.add(`${victim.job.jobId}.${victim.job.attempt}`)
    process.kill(target.pid, 'SIGKILL')
    killed[kind] += 1
  }
  await scheduler?.kill()
  for (const { job } of project.workers()) if (job !== null) orphaned.add(`${job.jobId}.${job.attempt}`)
  const last = await finish(project)
  problems.push(...last, ...damagedDocuments(project))
  const crashes = await withStore(project, 'transient', store => judge(store, ids, hit, orphaned, problems))
  const sweeper = await project.schedule()
  await untilProfilesAreSwept(project)
  sweeper.signal('SIGTERM')
  await sweeper.ended
  return { problems, killed, jobs: ids.length, crashes }
}

/** Compares the kills with the reports. Returns the number of crash reports. */
async function judge(
  store: Store,
  ids: readonly number[],
  hit: ReadonlySet<string>,
  orphaned: ReadonlySet<string>,
  problems: string[],
): Promise<number> {
  const reported = new Set<string>()
  const final = new Set<string>()
  for (const id of ids) {
    const job = await store.call('jobs.read', { id })
    if (job?.state !== 'succeeded') problems.push(`job ${id} is ${job?.state ?? 'lost'}`)
    final.add(`${id}.${job?.attempt ?? 0}`)
    for (const { attempt, message } of await store.call('crashes.list', { jobId: id, limit: 1_000 })) {
      const name = `${id}.${attempt}`
      if (reported.has(name)) problems.push(`attempt ${name} has two crash reports`)
      if (!hit.has(name)) problems.push(`attempt ${name} was not killed, and has a crash report: ${message}`)
      reported.add(name)
    }
  }
  for (const name of hit) {
    if (!reported.has(name) && !final.has(name) && !orphaned.has(name))
      problems.push(`attempt ${name} was killed, and has no crash report`)
  }
  if (!(await store.call('store.check', {})).ok) problems.push('the database is damaged')
  return reported.size
}
