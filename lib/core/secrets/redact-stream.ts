import { StringDecoder } from 'node:string_decoder'
import { knownSecrets } from './known-secrets.ts'
import type { KnownSecrets } from './known-secrets.ts'

/** Redacts what a program writes piece by piece: a secret can begin in one piece and end in the next. */
export class RedactedStream {
  private readonly secrets: KnownSecrets
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  constructor(secrets: KnownSecrets = knownSecrets) {
    this.secrets = secrets
  }

  /** Returns what can be written now of all pieces so far. */
  write(piece: string | Uint8Array): string {
    const text = typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece))
    const { redacted, rest } = this.secrets.redactBeginning(this.rest + text)
    this.rest = rest
    return redacted
  }

  /** Returns what is left when no piece follows. */
  end(): string {
    const left = this.secrets.redact(this.rest + this.decoder.end())
    this.rest = ''
    return left
  }
}
