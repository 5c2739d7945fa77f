import type { Store } from '../../../lib/store/store.ts'
import { openOurs } from '../ours/store.ts'

/** Number of jobs in one commit. */
const BATCH = 500

/** Domain of half of the jobs. */
export const BUSY_DOMAIN = 'busy.example'

/** Opens a separate store with `jobs` queued jobs. Every second job visits a domain. */
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
