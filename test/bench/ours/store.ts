import { systemClock } from '../../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { openStore } from '../../../lib/store/open-store.ts'
import type { OpenStore } from '../../../lib/store/open-store.ts'
import type { Store } from '../../../lib/store/store.ts'

/** Time limit for the start of an owner on a machine that does much else. */
const OWNER_LIMIT_MS = 60_000

/** Opens the store of the project in `root`. */
export function openOurs(root: string, role: OpenStore['role'], migrations?: string): Promise<Store> {
  return openStore({
    paths: new ProjectPaths(root),
    role,
    clock: systemClock,
    waitMs: OWNER_LIMIT_MS,
    ...(migrations === undefined ? {} : { migrations }),
  })
}
