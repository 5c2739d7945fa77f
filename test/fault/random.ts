/** Returns repeatable random numbers from 0 to 1, equal for equal seeds (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns a random seed, or the seed in FAULT_SEED to repeat a run. */
export function chosenSeed(): number {
  return Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
}

/** Returns a random element of a list that is not empty. */
export function oneOf<T>(random: () => number, list: readonly T[]): T {
  const drawn = list[Math.floor(random() * list.length)]
  if (drawn === undefined) throw new Error('There is nothing to draw from.')
  return drawn
}
