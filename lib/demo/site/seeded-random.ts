/** Offset basis and prime of the 32-bit FNV-1a hash, from its specification. */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * Returns a pseudo-random number from 0 (included) to 1 (excluded) that depends only on the seed
 * and the labels. Every page, price and failure of the site is therefore reproducible.
 */
export function chance(seed: number, ...labels: readonly (string | number)[]): number {
  let hash = FNV_OFFSET
  for (const character of `${seed}/${labels.join('/')}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME)
  }
  // FNV-1a gives similar labels similar high bits, so MurmurHash's final mixing step spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/**
 * Returns a pseudo-random integer from 0 to `count - 1`, uniformly distributed. It depends only on
 * the seed and the labels.
 */
export function pick(count: number, seed: number, ...labels: readonly (string | number)[]): number {
  return Math.floor(chance(seed, ...labels) * count)
}
