import { systemClock } from '../lib/core/clock.ts'
import { openStore } from '../lib/store/open-store.ts'
import type { Store } from '../lib/store/store.ts'
import { openProject } from './project.ts'
import type { Project, ProjectFlags } from './project.ts'
import { STORE_PATIENCE_MS } from './session.ts'

/** Runs `use` with the project's store: that of the running scheduler, or owned by this command for the moment. */
export async function withStore<T>(
  flags: ProjectFlags,
  use: (store: Store, project: Project) => Promise<T>,
): Promise<T> {
  const project = await openProject(flags)
  const store = await openStore({
    paths: project.paths,
    role: 'transient',
    clock: systemClock,
    waitMs: STORE_PATIENCE_MS,
  })
  try {
    return await use(store, project)
  } finally {
    await store.close()
  }
}
