/** FNV-1a, 32 bits: the offset and the prime of its specification. */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * Returns a number from 0 (included) to 1 (excluded) that depends only on the seed and the labels,
 * so that every page, price and failure of the site can be repeated.
 */
export function chance(seed: number, ...labels: readonly (string | number)[]): number {
  let hash = FNV_OFFSET
  for (const character of `${seed}/${labels.join('/')}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME)
  }
  // FNV leaves neighbouring labels close to each other in the high bits, and Murmur's last step
  // spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** Returns an integer from 0 to `count - 1`, evenly distributed. */
export function pick(count: number, seed: number, ...labels: readonly (string | number)[]): number {
  return Math.floor(chance(seed, ...labels) * count)
}
