import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** What the pages of one worker share at most at a time, by rule of thumb. */
const WORKER_BYTES = 64 * 1024 * 1024

/** Workers start their browsers with --disable-dev-shm-usage, since the /dev/shm of a container holds 64 MB: then the temporary folder is what counts. */
export const sharedMemoryCheck: Check = {
  id: 'shared-memory',
  ofProject: false,
  run({ words: { sharedMemory }, config, t }) {
    if (process.platform !== 'linux') return ok(sharedMemory.notNeeded)
    const folder = tmpdir()
    const { bavail, bsize } = statfsSync(folder)
    const free = bavail * bsize
    if (free >= config.workers * WORKER_BYTES) return ok(sharedMemory.good(folder, t.bytes(free)))
    return warning(sharedMemory.small(folder, t.bytes(free)), sharedMemory.smallRemedy)
  },
}
