import type { Test } from 'tap'
import type { JobRequest, JobState } from '../../../lib/model/job/job.ts'
import type { Store } from '../../../lib/store/store.ts'
import { FakeClock } from '../fake-clock.ts'
import { newProject, openTestStore } from './project.ts'

/** Opens a scheduler's store with a clock that the test moves. */
export async function timedStore(t: Pick<Test, 'teardown'>, paths = newProject()) {
  const clock = new FakeClock()
  const store = await openTestStore(t, paths, 'scheduler', { clock })
  return { clock, paths, store }
}

export async function enqueue(store: Store, change: Partial<JobRequest> = {}): Promise<number> {
  const request = { workflow: 'fixture', input: {}, workers: 1, retries: 2, origin: 'cli', ...change }
  return (await store.call('jobs.enqueue', request)).id
}

/** Queues a job and claims it. */
export async function runningJob(store: Store, change: Partial<JobRequest> = {}): Promise<number> {
  const id = await enqueue(store, change)
  if ((await store.call('jobs.claim', { id })) === null) throw new Error(`job ${id} could not be claimed`)
  return id
}

/** Queues a job, and interrupts it again and again until it runs in attempt `count`. */
export async function attempts(store: Store, count: number): Promise<number> {
  const id = await runningJob(store)
  for (let attempt = 1; attempt < count; attempt++) {
    await store.call('jobs.finish', { id, attempt, state: 'interrupted' })
    await store.call('jobs.claim', { id })
  }
  return id
}

/** Creates a job and brings it into the given state through the usual transitions. */
export async function jobIn(
  store: Store,
  state: JobState,
  change: Partial<JobRequest> = {},
): Promise<number> {
  if (state === 'queued') return enqueue(store, change)
  const id = await runningJob(store, change)
  switch (state) {
    case 'running':
      return id
    case 'parked':
      await store.call('jobs.recover', {})
      for (let deaths = 1; deaths < 3; deaths++) {
        await store.call('jobs.claim', { id })
        await store.call('jobs.recover', {})
      }
      return id
    case 'retrying':
    case 'interrupted':
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      await store.call('jobs.finish', { id, attempt: 1, state })
      return id
  }
}
