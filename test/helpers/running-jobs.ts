import type { Test } from 'tap'
import { ProjectPaths } from '../../lib/core/paths.ts'
import { newFolder, openTestStore } from './project.ts'

/** A new folder with a store whose jobs 1 to `count` are claimed, each for its first attempt: what a worker of one of them finds. */
export async function runningJobs(t: Pick<Test, 'teardown'>, count: number): Promise<string> {
  const root = newFolder()
  const store = await openTestStore(t, new ProjectPaths(root), 'transient')
  for (let job = 0; job < count; job++) {
    const { id } = await store.call('jobs.enqueue', {
      workflow: 'fixture',
      input: {},
      workers: 1,
      retries: 0,
      origin: 'test',
    })
    await store.call('jobs.claim', { id })
  }
  return root
}
