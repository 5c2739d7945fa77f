import { pick } from './seeded-random.ts'

/**
 * Result of one request to the shop that fails at times: a normal response, a 503, or a dropped
 * connection.
 */
export type Fault = 'answered' | 'unavailable' | 'dropped'

/**
 * Number of requests per failure. One request in five fails, so that every demo meets a failure,
 * and never more than two fail in a row.
 */
const BLOCK = 5

/**
 * Returns the result of request number `count` (0-based). Each block of five requests contains
 * exactly one failure, at a position that the seed determines. The failures alternate between "503
 * Service Unavailable" and a connection that is dropped without a response.
 */
export function faultOf(seed: number, count: number): Fault {
  const block = Math.floor(count / BLOCK)
  if (count % BLOCK !== pick(BLOCK, seed, 'fate', block)) return 'answered'
  return block % 2 === 0 ? 'unavailable' : 'dropped'
}
