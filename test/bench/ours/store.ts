import { z } from 'zod'
import { systemClock } from '../../../lib/core/clock.ts'
import { ProjectPaths } from '../../../lib/core/paths.ts'
import type { openStore, OpenStore } from '../../../lib/store/open-store.ts'
import type { Store } from '../../../lib/store/store.ts'
import { loadCompiled } from './compiled.ts'

const Surface = z.object({ openStore: z.custom<typeof openStore>(value => typeof value === 'function') })

/** Long enough for an owner that starts on a machine which does much else. */
const OWNER_LIMIT_MS = 60_000

/** Opens the store of the project in `root`, with the compiled package. */
export async function openOurs(root: string, role: OpenStore['role'], migrations?: string): Promise<Store> {
  const { openStore: open } = await loadCompiled('lib/store/open-store.js', Surface)
  return open({
    paths: new ProjectPaths(root),
    role,
    clock: systemClock,
    waitMs: OWNER_LIMIT_MS,
    ...(migrations === undefined ? {} : { migrations }),
  })
}
