import { freeBytes, sharedMemoryFolder } from '../../execution/browser/launch/shared-memory.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Estimated maximum of the memory that the pages of one worker share at a time. */
const WORKER_BYTES = 64 * 1024 * 1024

/**
 * Checks the free space in `/dev/shm`. If there is little, as in a container, browsers share memory
 * through files in the temporary folder instead.
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
