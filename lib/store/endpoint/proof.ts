import { createHmac, timingSafeEqual } from 'node:crypto'

export type Side = 'owner' | 'client'

/** What a side sends to show that it has the token: bound to both nonces and to the side, so that nothing can be sent back. */
export function prove(token: string, side: Side, ownerNonce: string, clientNonce: string): string {
  return createHmac('sha256', token).update(`${side}:${ownerNonce}:${clientNonce}`).digest('hex')
}

/** Compares two proofs in a time that tells nothing. */
export function sameProof(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')]
  return one.length === two.length && timingSafeEqual(one, two)
}
