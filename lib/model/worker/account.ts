import { z } from 'zod'

/** Name of a site or an account, for lists, logs and lines on the screen. */
const Name = z
  .string()
  .min(1, 'must not be empty')
  .max(120, 'must have at most 120 characters')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not contain control characters')

/** An account of a login at a site. Only one worker at a time uses it. */
export const AccountRef = z.object({ site: Name, account: Name })
export type AccountRef = z.infer<typeof AccountRef>

/** Formats an account for the operator: `wine-street/operator`. */
export const accountName = ({ site, account }: AccountRef): string => `${site}/${account}`

/** Most characters of a stored sealed login, because each job reads and writes the whole login. */
export const MAX_SEALED_LOGIN = 8_000_000

/**
 * Largest browser state that fits once sealed. Base64 uses 4 characters for 3 bytes, and the seal
 * fewer than 64 bytes.
 */
export const MAX_LOGIN_BYTES = (MAX_SEALED_LOGIN / 4) * 3 - 64
