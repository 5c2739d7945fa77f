import { pick } from './seeded-random.ts'

/** What becomes of one request to the shop that fails at times. */
export type Fault = 'answered' | 'unavailable' | 'dropped'

/** One request in five fails: often enough to be met in every demo, and never more than two in a row. */
const BLOCK = 5

/**
 * The fate of the `count`-th request (from 0). Each block of five holds exactly one failure, at a place that the seed chooses;
 * blocks take turns between "503 Service Unavailable" and a connection that is dropped without an answer.
 */
export function faultOf(seed: number, count: number): Fault {
  const block = Math.floor(count / BLOCK)
  if (count % BLOCK !== pick(BLOCK, seed, 'fate', block)) return 'answered'
  return block % 2 === 0 ? 'unavailable' : 'dropped'
}
