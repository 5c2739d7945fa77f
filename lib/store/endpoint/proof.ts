import { createHmac, timingSafeEqual } from 'node:crypto'

export type Side = 'owner' | 'client'

/**
 * Returns the proof that a side has the token. The proof is bound to both nonces and to the side,
 * so that it cannot be replayed.
 */
export function prove(token: string, side: Side, ownerNonce: string, clientNonce: string): string {
  return createHmac('sha256', token).update(`${side}:${ownerNonce}:${clientNonce}`).digest('hex')
}

/** Compares two proofs in constant time. */
export function sameProof(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')]
  return one.length === two.length && timingSafeEqual(one, two)
}
