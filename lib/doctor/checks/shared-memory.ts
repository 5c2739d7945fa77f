import { freeBytes, sharedMemoryFolder } from '../../execution/browser/launch/shared-memory.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** What the pages of one worker share at most at a time, by rule of thumb. */
const WORKER_BYTES = 64 * 1024 * 1024

/** Where `/dev/shm` is small, as in a container, browsers share memory by files in the temporary folder. */
export const sharedMemoryCheck: Check = {
  id: 'shared-memory',
  ofProject: false,
  run({ words: { sharedMemory }, config, t }) {
    if (process.platform !== 'linux') return ok(sharedMemory.notNeeded)
    const folder = sharedMemoryFolder()
    const free = freeBytes(folder)
    if (free >= config.workers * WORKER_BYTES) return ok(sharedMemory.good(folder, t.bytes(free)))
    return warning(sharedMemory.small(folder, t.bytes(free)), sharedMemory.smallRemedy)
  },
}
