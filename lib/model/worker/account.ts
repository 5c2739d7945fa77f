import { z } from 'zod'

/** Name of a site or of an account. It is shown in lists, logs and lines on the screen. */
const Name = z
  .string()
  .min(1, 'must not be empty')
  .max(120, 'must have at most 120 characters')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not contain control characters')

/** Account with which a workflow logs in to a site. Only one worker at a time uses it. */
export const AccountRef = z.object({ site: Name, account: Name })
export type AccountRef = z.infer<typeof AccountRef>

/** Formats an account for the operator: `wine-street/operator`. */
export const accountName = ({ site, account }: AccountRef): string => `${site}/${account}`

/**
 * Maximum length of a sealed login in the store, in characters. Each job reads and writes the whole
 * login.
 */
export const MAX_SEALED_LOGIN = 8_000_000

/**
 * Maximum size of a browser state, in bytes, that still fits after sealing. Base64 uses 4
 * characters for 3 bytes, and the seal adds fewer than 64 bytes.
 */
export const MAX_LOGIN_BYTES = (MAX_SEALED_LOGIN / 4) * 3 - 64
