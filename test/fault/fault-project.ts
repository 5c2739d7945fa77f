import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { leftProfiles } from '../../lib/control/machine/maintenance/profile-sweep.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { ProcessIdentity } from '../../lib/model/worker/process-identity.ts'
import { sameProcessAlive } from '../../lib/platform/process/process-identity.ts'
import type { OpenStore } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import type { JourneyProject } from '../helpers/store/journey-project.ts'
import { openProjectStore } from '../helpers/store/project-store.ts'
import { until } from '../helpers/until.ts'

/** More jobs than any fault run queues. */
const ALL = 1_000

/** Uses the store as another program does, or owns it for the moment. */
export async function withStore<T>(
  { paths }: JourneyProject,
  role: OpenStore['role'],
  use: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openProjectStore(paths, role)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Queues jobs until `count` jobs wait or run, so that there is always a target. */
export async function enqueueUpTo(
  project: JourneyProject,
  role: OpenStore['role'],
  count: number,
  enqueue: (store: Store) => Promise<unknown>,
): Promise<void> {
  await withStore(project, role, async store => {
    const { queued, running, retrying, interrupted } = await store.call('jobs.counts', {})
    for (let n = queued + running + retrying + interrupted; n < count; n += 1) await enqueue(store)
  })
}

/** Returns the process of a worker or of its browser, while it lives. */
export function processOf(worker: WorkerDocument, kind: 'workers' | 'browsers'): ProcessIdentity | undefined {
  const wanted = kind === 'workers' ? worker.pid : worker.browser?.pid
  const found = worker.processes.find(({ pid }) => pid === wanted)
  return found !== undefined && sameProcessAlive(found) ? found : undefined
}

/**
 * Runs all jobs to their end. Jobs that were running at three deaths are parked, so the operator
 * queues them again for another scheduler. Returns the problems.
 * @param codes exit codes that a scheduler may have.
 */
export async function finish(project: JourneyProject, codes: readonly number[] = [0]): Promise<string[]> {
  for (;;) {
    const last = project.start(['--no-tui', '--until-idle', '--json'])
    const { pid } = last
    const { code, stderr } = await last.ended
    await untilNothingIsLeft(processTreeOf(pid), project.root)
    const parked = await withStore(project, 'transient', async store => {
      const jobs = await store.call('jobs.list', { states: ['parked'], limit: ALL })
      for (const { id } of jobs) await store.call('jobs.retry', { id })
      return jobs.length
    })
    // The scheduler exits with 1 if parked jobs remain.
    if (code === null || !(parked === 0 ? codes : [...codes, 1]).includes(code))
      return [`the last scheduler ended with ${code ?? 'a signal'}: ${stderr}`]
    if (parked === 0) return []
  }
}

/**
 * Waits until the janitor has removed the browser folders of killed workers. The next scheduler's
 * janitor removes them too.
 */
export async function untilProfilesAreSwept({ paths }: JourneyProject): Promise<void> {
  const left = () => leftProfiles(paths.profiles, [], systemClock.now())
  await until('the profiles of the dead to be swept', () => left().length === 0)
}

/** Returns the documents that a reader would see half written. */
export function damagedDocuments({ paths }: JourneyProject): string[] {
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
