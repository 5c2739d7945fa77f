import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { RedactedStream } from '../../lib/core/secrets/redact-stream.ts'
import { HarmlessStream } from '../../lib/core/terminal/harmless-stream.ts'

/**
 * Longest wait for a child's last output after its exit. Only a process that the child left running
 * holds its output open for longer.
 */
const READ_REST_MS = 1_000

/**
 * Forwards the piped output of a child until the child has exited. Removes known secrets and
 * control sequences other than colours. Returns the exit code; null if a signal ended the child.
 */
export async function forwardOutput(child: ChildProcess): Promise<number | null> {
  const { stdout, stderr } = child
  // Without `pipe`, which stops to read when our own reader has closed, so that the child would
  // wait.
  const ends = [pass(stdout, process.stdout), pass(stderr, process.stderr)]
  const closed = once(child, 'close')
  await once(child, 'exit')
  const read = new AbortController()
  await Promise.race([closed, delay(READ_REST_MS, systemClock, read.signal)])
  read.abort()
  stdout?.destroy()
  stderr?.destroy()
  for (const end of ends) end()
  return child.exitCode
}

function pass(from: Readable | null, to: NodeJS.WriteStream): () => void {
  const redacted = new RedactedStream()
  const harmless = new HarmlessStream()
  from?.on('data', (piece: Buffer) => to.write(harmless.write(redacted.write(piece))))
  return () => to.write(harmless.write(redacted.end()) + harmless.end())
}
