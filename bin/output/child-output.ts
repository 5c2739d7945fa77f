import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { RedactedStream } from '../../lib/core/secrets/redact-stream.ts'
import { HarmlessStream } from '../../lib/core/terminal/harmless-stream.ts'

/** What a child wrote last is read within moments of its exit; only a process that it left behind holds its output open for longer. */
const READ_REST_MS = 1_000

/**
 * Passes on what a child prints in pipes until it has exited, without the secrets that this process
 * knows and without control sequences beside colours. Returns its exit code; null if a signal ended
 * it.
 */
export async function forwardOutput(child: ChildProcess): Promise<number | null> {
  const { stdout, stderr } = child
  // No `pipe`: that stops to read when nobody reads us any more, and the child would wait.
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
