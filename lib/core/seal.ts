import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AutomateError, messageOf } from './errors/errors.ts'

const ALGORITHM = 'aes-256-gcm'
/**
 * Lengths of the nonce and the authentication tag that are recommended for GCM, in bytes (NIST SP
 * 800-38D).
 */
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** First byte of sealed text: the version of the format. */
const VERSION = 1

/**
 * Encrypts text. It can be decrypted only with the same key and the same label, so text that was
 * sealed for one account cannot be used for another.
 */
export function seal(text: string, key: Uint8Array, label: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(label, 'utf8'))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]).toString('base64')
}

/**
 * Decrypts text that `seal` encrypted.
 * @throws `document-invalid` if the key or the label differs, or if the text was not sealed.
 */
export function unseal(sealed: string, key: Uint8Array, label: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const bodyAt = 1 + NONCE_BYTES + TAG_BYTES
  try {
    if (bytes[0] !== VERSION || bytes.length < bodyAt) throw new Error('it is not sealed by this version')
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(1, 1 + NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(label, 'utf8'))
    decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, bodyAt))
    return Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new AutomateError(
      'document-invalid',
      `The sealed data of ${label} cannot be opened with this user's key: ${messageOf(error)}.`,
      { facts: { label }, cause: error },
    )
  }
}
