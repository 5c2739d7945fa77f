import t from 'tap'
import { JOB_STATES, JOB_TRANSITIONS } from '../../../lib/model/job/job.ts'
import type { JobState } from '../../../lib/model/job/job.ts'
import type { Store } from '../../../lib/store/store.ts'
import { jobIn, timedStore } from '../../helpers/store/job-store.ts'

type Doing = (store: Store, id: number, attempt: number) => Promise<unknown>

const finish =
  (state: 'succeeded' | 'failed' | 'cancelled' | 'retrying' | 'interrupted'): Doing =>
  (store, id, attempt) =>
    store.call('jobs.finish', { id, attempt, state })

const cancel: Doing = (store, id) => store.call('jobs.cancel', { id })
const recover: Doing = store => store.call('jobs.recover', {})

/** All operations that may change a job's state. */
const DOINGS: Readonly<Record<string, Doing>> = {
  claim: (store, id) => store.call('jobs.claim', { id }),
  cancel,
  retry: (store, id) => store.call('jobs.retry', { id }),
  recover,
  succeed: finish('succeeded'),
  fail: finish('failed'),
  'end as cancelled': finish('cancelled'),
  'end as retrying': finish('retrying'),
  'end as interrupted': finish('interrupted'),
  'recover three times': async (store, id) => {
    for (let deaths = 0; deaths < 3; deaths++) {
      await store.call('jobs.recover', {})
      if (deaths < 2) await store.call('jobs.claim', { id })
    }
  },
}

t.test('every operation follows the table of transitions, and every transition is covered', async t => {
  const seen = new Map<JobState, Set<JobState>>(JOB_STATES.map(state => [state, new Set()]))
  const { store } = await timedStore(t)
  for (const from of JOB_STATES) {
    for (const [name, doing] of Object.entries(DOINGS)) {
      if (name === 'recover three times' && from !== 'running') continue
      const id = await jobIn(store, from)
      const job = await store.call('jobs.read', { id })
      t.equal(job?.state, from, `a job can be brought to ${from}`)
      const refusal: unknown = await doing(store, id, Math.max(1, job?.attempt ?? 1)).catch(
        (error: unknown) => error,
      )
      const to = (await store.call('jobs.read', { id }))?.state ?? from
      if (refusal instanceof Error)
        t.match(refusal, { code: 'job-state' }, `${name} of a job that is ${from}`)
      if (to === from) continue
      t.ok(JOB_TRANSITIONS[from].includes(to), `${name}: ${from} to ${to}`)
      seen.get(from)?.add(to)
      // No running job may remain, because the next recovery would include it.
      if (to === 'running')
        await store.call('jobs.finish', { id, attempt: (job?.attempt ?? 0) + 1, state: 'failed' })
    }
    await store.call('jobs.recover', {})
  }
  for (const from of JOB_STATES) {
    t.strictSame([...(seen.get(from) ?? [])].sort(), [...JOB_TRANSITIONS[from]].sort(), `from ${from}`)
  }
})
