import { StringDecoder } from 'node:string_decoder'
import { knownSecrets } from './known-secrets.ts'
import type { KnownSecrets } from './known-secrets.ts'

/**
 * Redacts the output of a program chunk by chunk, including secrets that begin in one chunk and end
 * in the next.
 */
export class RedactedStream {
  private readonly secrets: KnownSecrets
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  constructor(secrets: KnownSecrets = knownSecrets) {
    this.secrets = secrets
  }

  /**
   * Adds a chunk, and returns the redacted text that can be written now. Text that may be the
   * beginning of a secret is held back.
   */
  write(piece: string | Uint8Array): string {
    const text = typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece))
    const { redacted, rest } = this.secrets.redactBeginning(this.rest + text)
    this.rest = rest
    return redacted
  }

  /** Returns the text that was held back, redacted. Call this once the output has ended. */
  end(): string {
    const left = this.secrets.redact(this.rest + this.decoder.end())
    this.rest = ''
    return left
  }
}
