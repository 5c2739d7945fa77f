import { createHmac, timingSafeEqual } from 'node:crypto'

export type Side = 'owner' | 'client'

/**
 * Returns the proof that one side of a connection knows the token, as an HMAC in hexadecimal. The
 * proof depends on both nonces and on the side, so that it cannot be replayed.
 */
export function prove(token: string, side: Side, ownerNonce: string, clientNonce: string): string {
  return createHmac('sha256', token).update(`${side}:${ownerNonce}:${clientNonce}`).digest('hex')
}

/** Returns true if two proofs are equal. The comparison takes constant time. */
export function sameProof(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')]
  return one.length === two.length && timingSafeEqual(one, two)
}
