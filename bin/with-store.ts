import { systemClock } from '../lib/core/clock.ts'
import { openStore } from '../lib/store/open-store.ts'
import type { Store } from '../lib/store/store.ts'
import type { Project } from './project.ts'
import { STORE_PATIENCE_MS } from './session.ts'

/** Runs `use` with the project's store: that of the running scheduler, or owned by this command for the moment. */
export async function withStore<T>(project: Project, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({
    paths: project.paths,
    role: 'transient',
    clock: systemClock,
    waitMs: STORE_PATIENCE_MS,
  })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
