import { z } from 'zod'

/** A site or an account stands in lists, logs and lines on the screen. */
const Name = z
  .string()
  .min(1, 'must not be empty')
  .max(120, 'must be at most 120 characters')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not hold control characters')

/** Whose login it is: an account at a site. Only one worker at a time uses it. */
export const AccountRef = z.object({ site: Name, account: Name })
export type AccountRef = z.infer<typeof AccountRef>

/** `wine-street/operator`, as the operator reads it. */
export const accountName = ({ site, account }: AccountRef): string => `${site}/${account}`

/** Longest sealed login that the store takes, in characters: it is read and written whole with every job. */
export const MAX_SEALED_LOGIN = 8_000_000

/** Largest browser state that fits when it is sealed: base64 has 4 characters for 3 bytes, and the seal itself needs fewer than 64. */
export const MAX_LOGIN_BYTES = (MAX_SEALED_LOGIN / 4) * 3 - 64
