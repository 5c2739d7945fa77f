import { pick } from './seeded-random.ts'

/** Result of one request to the shop that fails at times. */
export type Fault = 'answered' | 'unavailable' | 'dropped'

/**
 * Requests per failure: one in five fails, so that every demo meets a failure, and never more than
 * two fail in a row.
 */
const BLOCK = 5

/**
 * Returns the result of the `count`-th request (from 0). Each block of five contains exactly one
 * failure, at a place that the seed chooses. Blocks alternate between "503 Service Unavailable" and
 * a connection that is dropped without a response.
 */
export function faultOf(seed: number, count: number): Fault {
  const block = Math.floor(count / BLOCK)
  if (count % BLOCK !== pick(BLOCK, seed, 'fate', block)) return 'answered'
  return block % 2 === 0 ? 'unavailable' : 'dropped'
}
