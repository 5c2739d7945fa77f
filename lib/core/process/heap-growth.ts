import { setFlagsFromString } from 'node:v8'

/**
 * Largest young generation of the store's thread. Most of its allocations die with their request,
 * and a larger young generation only delays their collection.
 */
export const MAX_YOUNG_GENERATION_MB = 16

/**
 * Growth after which a full collection is due, as a share of the heap that survived the last one.
 */
const HEAP_GROWTH_PERCENT = 30

/**
 * Makes V8 collect garbage early in this process instead of growing its heaps. V8 returns memory in
 * idle times, and a busy scheduler has none. With 31 MB alive, the heap of a scheduler reached 215
 * MB within 3 minutes.
 */
export function limitHeapGrowth(): void {
  // The flags of the maximum sizes count at the start of Node only. V8 reads these two at each
  // growth.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
}
