import type { Store } from '../../../lib/store/store.ts'
import { openOurs } from '../ours/store.ts'

/** Jobs that are queued with one commit. */
const BATCH = 500

/** The domain that a half of the jobs visits. */
export const BUSY_DOMAIN = 'busy.example'

/** A store of its own with so many jobs in its queue; every second one visits a domain. */
export async function fullQueue(scratch: string, jobs: number): Promise<Store> {
  const store = await openOurs(scratch, 'scheduler')
  for (let first = 0; first < jobs; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, jobs - first) }, (_, index) => first + index)
    await Promise.all(
      numbers.map(n =>
        store.call('jobs.enqueue', {
          workflow: 'bench',
          input: { n },
          priority: n % 3,
          workers: 1,
          retries: 0,
          origin: 'bench',
          domains: n % 2 === 0 ? [BUSY_DOMAIN] : [],
        }),
      ),
    )
  }
  return store
}
