import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { jobEnded } from '../../lib/model/job/job.ts'
import type { ProcessIdentity } from '../../lib/model/worker/process-identity.ts'
import { sameProcessAlive } from '../../lib/platform/process/process-identity.ts'
import type { Store } from '../../lib/store/store.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { until } from '../helpers/until.ts'
import { ConsoleToEnd } from './console-to-end.ts'
import type { Ending } from './console-to-end.ts'
import { untilProfilesAreSwept, withStore } from './fault-project.ts'

/** Work of the workers when their console ends. */
export const MOMENTS = ['starting', 'running', 'stopping'] as const
export const TRANSPORTS = ['pipe', 'port'] as const

/** Way for a console to end. */
export interface Cell {
  readonly ending: Ending
  readonly moment: (typeof MOMENTS)[number]
  readonly transport: (typeof TRANSPORTS)[number]
  /** True if a worker, and the browser of another worker, are stopped (SIGSTOP) before. */
  readonly frozen: boolean
  readonly workers: number
}

export interface CellReport {
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  /** Number of processes. */
  readonly processes: number
  /** Time from the end of the console until none of the processes remained. */
  readonly leftMs: number
}

/**
 * Ends a console with busy workers in one way. Then none of its processes remains, and the next
 * scheduler finishes each job once and removes the remaining files.
 * `root` is an empty folder.
 */
export async function liveThroughEnd(
  t: Pick<Test, 'teardown'>,
  root: string,
  cell: Cell,
): Promise<CellReport> {
  const project = new JourneyProject(t, root, { workflows: ['steps-along'], workers: cell.workers })
  const gate = join(root, 'gate')
  const ids = await withStore(project, 'transient', store => enqueue(store, cell.workers, gate))
  const console = await ConsoleToEnd.start(t, root, cell)
  await untilMoment(project, cell)
  if (cell.frozen) freeze(project)
  if (cell.moment === 'stopping') {
    await withStore(project, 'client', async store => {
      for (const id of ids) await store.call('jobs.cancel', { id })
    })
  }
  const family = processTreeOf(console.pid)
  await console.end()
  const problems: string[] = []
  const leftMs = await untilNothingIsLeft(family, root).catch(() => {
    problems.push(...remaining(family))
    return Infinity
  })
  writeFileSync(gate, '')
  problems.push(...(await resume(project, ids, cell)))
  return { problems, processes: family.length, leftMs }
}

async function enqueue(store: Store, workers: number, gate: string): Promise<number[]> {
  const ids: number[] = []
  for (let n = 0; n < workers; n += 1) {
    const input = { url: 'data:text/html,<h1>shop</h1>', gate }
    const job = { workflow: 'steps-along', input, workers: 1, retries: 0, origin: 'cli' }
    ids.push((await store.call('jobs.enqueue', job)).id)
  }
  return ids
}

async function untilMoment(project: JourneyProject, { moment, workers }: Cell): Promise<void> {
  await until(`workers that are ${moment}`, () => {
    const there = project.workers()
    if (moment === 'starting') return there.length >= Math.ceil(workers / 2)
    return there.filter(({ phase }) => phase?.step.startsWith('step ') === true).length === workers
  })
}

/**
 * Stops processes with SIGSTOP. They receive nothing: no message, no closing pipe, no signal but
 * SIGKILL.
 */
function freeze(project: JourneyProject): void {
  const [first, ...others] = project.workers()
  const browser = others.findLast(worker => worker.browser?.pid !== null)?.browser
  for (const pid of [first?.pid, browser?.pid]) if (typeof pid === 'number') process.kill(pid, 'SIGSTOP')
}

/**
 * Starts the next scheduler, which must finish the jobs and clean up. Returns the remaining
 * problems.
 */
async function resume(project: JourneyProject, ids: readonly number[], cell: Cell): Promise<string[]> {
  const scheduler = await project.schedule('--cdp', cell.transport)
  const states = await until('all jobs to have ended', () =>
    withStore(project, 'client', async store => {
      const jobs = await Promise.all(ids.map(id => store.call('jobs.read', { id })))
      const found = jobs.map(job => job?.state ?? 'lost')
      return found.every(state => state === 'lost' || state === 'parked' || jobEnded(state)) && found
    }),
  )
  const { paths } = project
  await untilProfilesAreSwept(project)
  const family = processTreeOf(scheduler.pid)
  scheduler.signal('SIGTERM')
  const { code } = await scheduler.ended
  await untilNothingIsLeft(family, project.root)
  const wanted = cell.moment === 'stopping' ? 'cancelled' : 'succeeded'
  const documents = (folder: string) => readdirSync(folder).filter(name => !name.startsWith('.'))
  return [
    ...(code === 0 ? [] : [`the next scheduler ended with ${code ?? 'a signal'}`]),
    ...states.flatMap((state, place) => (state === wanted ? [] : [`job ${ids[place] ?? 0} is ${state}`])),
    ...documents(paths.ports).map(name => `${name} of data/ports is left`),
    ...documents(paths.assignments).map(name => `${name} of data/assignments is left`),
  ]
}

function remaining(family: readonly ProcessIdentity[]): string[] {
  const left = family.filter(sameProcessAlive).map(({ pid }) => `process ${pid} is left`)
  return left.length === 0 ? ['a process that names the project is left'] : left
}
