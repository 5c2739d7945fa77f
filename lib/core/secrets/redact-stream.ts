import { StringDecoder } from 'node:string_decoder'
import { knownSecrets } from './known-secrets.ts'
import type { KnownSecrets } from './known-secrets.ts'

/**
 * Redacts the output of a program piece by piece, because a secret can begin in one piece and end
 * in the next.
 */
export class RedactedStream {
  private readonly secrets: KnownSecrets
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  constructor(secrets: KnownSecrets = knownSecrets) {
    this.secrets = secrets
  }

  /** Returns the redacted text that is safe to write after this piece. */
  write(piece: string | Uint8Array): string {
    const text = typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece))
    const { redacted, rest } = this.secrets.redactBeginning(this.rest + text)
    this.rest = rest
    return redacted
  }

  /** Returns the remaining text at the end. */
  end(): string {
    const left = this.secrets.redact(this.rest + this.decoder.end())
    this.rest = ''
    return left
  }
}
