import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { RedactedStream } from '../../core/secrets/redact-stream.ts'
import { HarmlessStream } from '../../core/terminal/harmless-stream.ts'

type Output = Pick<NodeJS.WriteStream, 'write'>
type Written = (error?: Error | null) => void

/**
 * Redacts the known secrets of this process in all output, whichever code prints it. Returns a
 * function that ends the redaction and prints the buffered rest; this also happens at the end of
 * the process. Set `harmless` if a person reads the output in a terminal: colours stay, and visible
 * characters replace all other control sequences.
 */
export function redactOutput(harmless = false): () => void {
  const restores = [process.stdout, process.stderr].map(output => redactOne(output, harmless))
  const restore = () => {
    process.off('exit', restore)
    for (const one of restores) one()
  }
  process.on('exit', restore)
  return restore
}

function redactOne(output: Output, harmless: boolean): () => void {
  const stream = new RedactedStream(knownSecrets)
  const shown = harmless ? new HarmlessStream() : undefined
  const original = output.write
  const write = original.bind(output)
  const redacting: Output['write'] = (
    piece: string | Uint8Array,
    encoding?: BufferEncoding | Written,
    written?: Written,
  ) => {
    const callback = typeof encoding === 'function' ? encoding : written
    const whole =
      typeof piece === 'string' && typeof encoding === 'string' ? Buffer.from(piece, encoding) : piece
    // Writes even an empty text, so that the callback is called, and in the right order.
    const redacted = stream.write(whole)
    return write(shown === undefined ? redacted : shown.write(redacted), callback)
  }
  output.write = redacting
  return () => {
    if (output.write === redacting) output.write = original
    const rest = stream.end()
    const left = shown === undefined ? rest : shown.write(rest) + shown.end()
    if (left !== '') write(left)
  }
}
