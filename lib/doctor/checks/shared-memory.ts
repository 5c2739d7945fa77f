import { freeBytes, sharedMemoryFolder } from '../../execution/browser/launch/shared-memory.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Estimate of the most memory that the pages of one worker share at a time. */
const WORKER_BYTES = 64 * 1024 * 1024

/**
 * Checks the size of `/dev/shm`. If `/dev/shm` is small, as in a container, browsers share memory
 * by files in the temporary folder.
 */
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
