import { setFlagsFromString } from 'node:v8'

/**
 * Maximum size of the young generation in the store's thread. Most of the thread's allocations can
 * be freed as soon as their request ends, and a larger young generation only delays their
 * collection.
 */
export const MAX_YOUNG_GENERATION_MB = 16

/**
 * Growth of the heap after which V8 does a full garbage collection, in percent of the heap that
 * survived the last one.
 */
const HEAP_GROWTH_PERCENT = 30

/**
 * Makes V8 collect garbage early in this process instead of growing its heaps. By default V8
 * returns memory to the system when a process is idle, and a busy scheduler never is. With 31 MB of
 * live objects, the heap of a scheduler reached 215 MB within 3 minutes.
 */
export function limitHeapGrowth(): void {
  // V8 reads the flags for maximum sizes only when Node starts, but reads these two each time that
  // a heap grows.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
}
