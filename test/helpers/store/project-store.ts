import { systemClock } from '../../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { loadSqlite } from '../../../lib/store/engine/sqlite.ts'
import { openStore } from '../../../lib/store/open-store.ts'
import type { OpenStore } from '../../../lib/store/open-store.ts'
import type { Store } from '../../../lib/store/store.ts'
import { PATIENT_MS } from '../until.ts'

/** Opens the store of a project; the caller closes it. */
export async function openProjectStore(
  paths: ProjectPaths,
  role: OpenStore['role'],
  more: Partial<OpenStore> = {},
): Promise<Store> {
  // All threads share V8's compiled code of SQLite as long as one thread has it. Otherwise each
  // store would compile it again.
  await loadSqlite()
  return openStore({ paths, role, clock: systemClock, waitMs: PATIENT_MS, ...more })
}
