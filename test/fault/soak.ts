import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { startDemoSite } from '../../lib/demo/site/demo-site.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Automate } from '../helpers/program/automate.ts'
import { askSite } from '../helpers/sites/demo-site.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import {
  damagedDocuments,
  enqueueUpTo,
  finish,
  processOf,
  untilProfilesAreSwept,
  withStore,
} from './fault-project.ts'
import { oneOf, randomFrom } from './random.ts'
import { trendsOf } from './trend.ts'
import type { Sample, Trend } from './trend.ts'

const WORKFLOWS = dirname(fileURLToPath(new URL('../../lib/demo/workflows/place-order.ts', import.meta.url)))
const QUICK = fileURLToPath(new URL('../fixtures/soak', import.meta.url))
const SHOPS = ['harbour-cellar', 'vineyard-lane', 'corner-bottle'] as const
const WORKERS = 4
/** Number of jobs ahead: as many quick jobs end between two checks. */
const JOBS_AHEAD = 24
const MS_A_MINUTE = 60_000
const KILOBYTES_A_MEGABYTE = 1024
const BYTES_A_MEGABYTE = KILOBYTES_A_MEGABYTE ** 2

/** Longest pause between two checks and events. */
const LONGEST_PAUSE_MS = 4_000

/**
 * Share of the run after which the scheduler is killed once. Its successor has time to grow after
 * that.
 */
const SCHEDULER_DIES_AT = 0.1

/**
 * Limit for the resident memory of the scheduler with its store's thread. Node's own program takes
 * 60 MB of it.
 */
const MAX_SCHEDULER_MB = 280

/**
 * Limit of the growth from the first quarter of a run to the last one. A shorter run is still
 * warming up.
 */
const MAX_GROWTH = 1.1
const FLAT_AFTER_MINUTES = 30

export const FIGURES = [
  'scheduler MB',
  'scheduler handles',
  'processes',
  'state files',
  'database MB',
  'log MB',
] as const
type Figure = (typeof FIGURES)[number]

interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  /** Path of an empty folder. */
  readonly root: string
  /** Receives each check as a line. */
  readonly say: (line: string) => void
}

export interface SoakReport {
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  readonly jobs: number
  readonly faults: Readonly<Record<Fault, number>>
  /** Number of orders that the site has twice, because delivery is at least once. */
  readonly doubledOrders: number
  /** Trends of the scheduler that lived longest. */
  readonly trends: readonly Trend<Figure>[]
}

type Fault = 'worker killed' | 'browser killed' | 'worker stopped' | 'scheduler killed'

/**
 * Runs the demo's jobs on its site for the given time, while workers and browsers are killed or
 * stopped and the scheduler is killed from time to time. Then every job has succeeded, each
 * successful order is on the site, and nothing remains.
 */
export async function soak(
  t: Pick<Test, 'teardown'>,
  { minutes, seed, root, say }: SoakOptions,
): Promise<SoakReport> {
  const random = randomFrom(seed)
  const site = await startDemoSite({ seed })
  const project = new JourneyProject(t, root, {
    files: {
      'automate.config.ts': `export default ${JSON.stringify({ workers: WORKERS, workflows: [WORKFLOWS, QUICK] })}\n`,
    },
  })
  const faults: Record<Fault, number> = {
    'worker killed': 0,
    'browser killed': 0,
    'worker stopped': 0,
    'scheduler killed': 0,
  }
  const problems: string[] = []
  const ids: number[] = []
  const enqueue = async (store: Store) => {
    ids.push((await store.call('jobs.enqueue', drawJob(random, site.url))).id)
  }
  const lives: Sample<Figure>[][] = []
  const startedAt = performance.now()
  const lastMs = minutes * MS_A_MINUTE
  await enqueueUpTo(project, 'transient', JOBS_AHEAD, enqueue)
  let scheduler: Automate | undefined
  for (let pastMs = 0; pastMs < lastMs; pastMs = performance.now() - startedAt) {
    if (scheduler === undefined) lives.push([])
    scheduler ??= await project.schedule()
    await enqueueUpTo(project, 'client', JOBS_AHEAD, enqueue)
    await delay(random() * LONGEST_PAUSE_MS, systemClock)
    const sample = look(project, scheduler)
    lives.at(-1)?.push(sample)
    const figures = FIGURES.map(name => `${name} ${Math.round(sample[name])}`).join(', ')
    say(`${(pastMs / MS_A_MINUTE).toFixed(1)} min, ${ids.length} jobs: ${figures}`)
    if (pastMs >= lastMs * SCHEDULER_DIES_AT && faults['scheduler killed'] === 0) {
      const family = processTreeOf(scheduler.pid)
      await scheduler.kill()
      await untilNothingIsLeft(family, root)
      faults['scheduler killed'] += 1
      scheduler = undefined
    } else {
      const fault = hitSomebody(project, random)
      if (fault !== null) faults[fault] += 1
    }
  }
  await scheduler?.kill()
  problems.push(...(await finish(project)), ...damagedDocuments(project))
  const { orders } = await askSite(site.url)
  await site.close()
  await withStore(project, 'transient', async store => {
    for (const id of ids) {
      const job = await store.call('jobs.read', { id })
      if (job?.state !== 'succeeded') problems.push(`job ${id} is ${job?.state ?? 'lost'}`)
      const ordered = orders.some(({ reference }) => reference === `job ${id}`)
      if (job?.workflow === 'place-order' && !ordered)
        problems.push(`the order of job ${id} is not on the site`)
    }
    if (!(await store.call('store.check', {})).ok) problems.push('the database is damaged')
  })
  const last = await project.schedule()
  await untilProfilesAreSwept(project)
  last.signal('SIGTERM')
  await last.ended
  const longest = lives.reduce((best, life) => (life.length > best.length ? life : best), [])
  const doubledOrders = orders.length - new Set(orders.map(({ reference }) => reference)).size
  const trends = trendsOf(FIGURES, longest)
  problems.push(...memoryProblems(trends, minutes))
  return { problems, jobs: ids.length, faults, doubledOrders, trends }
}

function memoryProblems(trends: readonly Trend<Figure>[], minutes: number): string[] {
  const memory = trends.find(({ name }) => name === 'scheduler MB')
  if (memory === undefined) return ['the scheduler was never measured']
  const { first, last, highest } = memory
  const grew = minutes >= FLAT_AFTER_MINUTES && last > first * MAX_GROWTH
  return [
    ...(highest > MAX_SCHEDULER_MB ? [`the scheduler took ${highest.toFixed(0)} MB`] : []),
    ...(grew ? [`the scheduler grew from ${first.toFixed(0)} to ${last.toFixed(0)} MB`] : []),
  ]
}

function drawJob(random: () => number, site: string) {
  const common = { priority: 0, retries: 1_000, origin: 'cli' }
  const chance = random()
  if (chance < 0.9) return { ...common, workflow: 'reads-a-page', input: { site }, workers: 1 }
  if (chance < 0.93) {
    return { ...common, workflow: 'cheapest-offer', input: { site, targetCents: 1_200 }, workers: 3 }
  }
  const shop = oneOf(random, SHOPS)
  return { ...common, workflow: 'place-order', input: { site, shop }, workers: 1 }
}

/**
 * Kills or stops a random process. Half of the time it does nothing, so that most jobs come to
 * their end.
 */
function hitSomebody(project: JourneyProject, random: () => number): Fault | null {
  const chance = random()
  const fault = chance < 0.2 ? 'worker killed' : chance < 0.4 ? 'browser killed' : 'worker stopped'
  if (chance >= 0.45) return null
  const kind = fault === 'browser killed' ? 'browsers' : 'workers'
  const there = project.workers().flatMap(worker => processOf(worker, kind) ?? [])
  const victim = there[Math.floor(random() * there.length)]
  if (victim === undefined) return null
  process.kill(victim.pid, fault === 'worker stopped' ? 'SIGSTOP' : 'SIGKILL')
  return fault
}

function look(project: JourneyProject, { pid }: Automate): Sample<Figure> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  const { paths } = project
  return {
    'scheduler MB': kilobytes / KILOBYTES_A_MEGABYTE,
    'scheduler handles': readdirSync(`/proc/${pid}/fd`).length,
    processes: processTreeOf(pid).length,
    'state files': filesBelow(paths.data).length,
    'database MB': statSync(paths.database).size / BYTES_A_MEGABYTE,
    'log MB': bytesOf(filesBelow(join(project.root, 'logs'))) / BYTES_A_MEGABYTE,
  }
}

/**
 * Returns the files below a folder, without the contents of browser profiles, because these come
 * and go with their browsers. A file that is removed during the search is not counted.
 */
function filesBelow(folder: string): string[] {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'profiles' ? [] : filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
