import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/clock.ts'
import { pause } from '../../lib/core/deadline.ts'
import { leftProfiles } from '../../lib/control/profile-sweep.ts'
import type { WorkerDocument } from '../../lib/domain/documents.ts'
import { sameProcessAlive } from '../../lib/platform/process-identity.ts'
import { openStore } from '../../lib/store/open-store.ts'
import type { OpenStore } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Automate } from '../helpers/automate.ts'
import { familyOf, untilNothingIsLeft } from '../helpers/family.ts'
import { JourneyProject } from '../helpers/journey-project.ts'
import { PATIENT_MS, until } from '../helpers/until.ts'
import { randomFrom } from './random.ts'

/** Between two kills: long enough for a worker to start, short enough to hit it at its start too. */
const LATEST_KILL_MS = 900

/** One kill in so many is of the scheduler; of the others half are of a worker, half of its browser. */
const SCHEDULER_EVERY = 8

/** So many jobs always wait or run, so that there is somebody to kill. */
const JOBS_AHEAD = 6

interface Kills {
  readonly kills: number
  readonly seed: number
  /** A page that answers under every path. */
  readonly url: string
  /** An empty folder. */
  readonly root: string
}

export interface KillsReport {
  /** What was wrong, in words; empty when all is well. */
  readonly problems: readonly string[]
  readonly killed: { readonly workers: number; readonly browsers: number; readonly schedulers: number }
  readonly jobs: number
  readonly crashes: number
}

/**
 * Kills workers, their browsers and their scheduler at random moments, and lets a last scheduler finish. Then every job has succeeded, every attempt that was killed has one
 * crash report (or had succeeded by then, or lost its scheduler too), there is no report of anything else, no document is damaged, and nothing is left running.
 */
export async function killAtRandom(
  t: Pick<Test, 'teardown'>,
  { kills, seed, url, root }: Kills,
): Promise<KillsReport> {
  const random = randomFrom(seed)
  const project = new JourneyProject(t, root, { workers: 3 })
  const problems: string[] = []
  const ids: number[] = []
  const killed = { workers: 0, browsers: 0, schedulers: 0 }
  /** Attempts whose worker or browser was killed, and attempts that ran when their scheduler was. */
  const hit = new Set<string>()
  const orphaned = new Set<string>()
  const enqueueUpTo = async (role: OpenStore['role']) => {
    await withStore(project, role, async store => {
      const { queued, running, retrying, interrupted } = await store.call('jobs.counts', {})
      for (let n = queued + running + retrying + interrupted; n < JOBS_AHEAD; n += 1) {
        const job = { workflow: 'survives', input: { url }, workers: 1, retries: 1_000, origin: 'cli' }
        ids.push((await store.call('jobs.enqueue', job)).id)
      }
    })
  }
  await enqueueUpTo('transient')
  let scheduler: Automate | undefined
  for (let round = 1; round <= kills; round += 1) {
    scheduler ??= await project.schedule()
    await enqueueUpTo('client')
    await pause(random() * LATEST_KILL_MS, systemClock)
    if (random() * SCHEDULER_EVERY < 1) {
      killed.schedulers += 1
      const family = familyOf(scheduler.pid)
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
  await sweptProfiles(project)
  return { problems, killed, jobs: ids.length, crashes }
}

/** What was running at three deaths is parked for the operator, who says go on; then all are run to their end. */
async function finish(project: JourneyProject): Promise<string[]> {
  for (;;) {
    const last = project.start(['--no-tui', '--until-idle', '--json'])
    const { pid } = last
    const { code, stderr } = await last.ended
    await untilNothingIsLeft(familyOf(pid), project.root)
    if (code !== 0) return [`the last scheduler ended with ${code ?? 'a signal'}: ${stderr}`]
    const parked = await withStore(project, 'transient', async store => {
      const list = await store.call('jobs.recent', { limit: 1_000 })
      const ids = list.flatMap(({ id, state }) => (state === 'parked' ? [id] : []))
      for (const id of ids) await store.call('jobs.retry', { id })
      return ids.length
    })
    if (parked === 0) return []
  }
}

/** The folders of browsers whose worker was killed go with the janitor's rounds, of the next scheduler too. */
async function sweptProfiles(project: JourneyProject): Promise<void> {
  const scheduler = await project.schedule()
  const left = () => leftProfiles(project.paths.profiles, [], systemClock.now())
  await until('the profiles of the dead to be swept', () => left().length === 0)
  scheduler.signal('SIGTERM')
  await scheduler.ended
}

/** Compares what was killed with what is told; gives the number of crash reports. */
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

function processOf(worker: WorkerDocument, kind: 'workers' | 'browsers') {
  const wanted = kind === 'workers' ? worker.pid : worker.browser?.pid
  const found = worker.processes.find(({ pid }) => pid === wanted)
  return found !== undefined && sameProcessAlive(found) ? found : undefined
}

/** Documents of which a reader would see a half. */
function damagedDocuments({ paths }: JourneyProject): string[] {
  const folders = [paths.crashes, paths.results, paths.workerStates, paths.serviceStates, paths.assignments]
  return folders.flatMap(folder =>
    readdirSync(folder)
      .filter(name => !name.startsWith('.') && /\.(?:json|mark)$/.test(name))
      .flatMap(name => {
        try {
          JSON.parse(readFileSync(join(folder, name), 'utf8'))
          return []
        } catch (error) {
          return [`${name} is damaged: ${String(error)}`]
        }
      }),
  )
}

async function withStore<T>(
  { paths }: JourneyProject,
  role: OpenStore['role'],
  use: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore({ paths, role, clock: systemClock, waitMs: PATIENT_MS })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
