import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { RedactedStream } from '../../lib/core/secrets/redact-stream.ts'
import { HarmlessStream } from '../../lib/core/terminal/harmless-stream.ts'

/**
 * Longest wait for a child's remaining output after its exit. The output stays open for longer only
 * if a process that the child left running holds it.
 */
const READ_REST_MS = 1_000

/**
 * Forwards the piped output of a child to this process's output until the child has exited. Removes
 * known secrets, and control sequences other than colours. Resolves with the exit code; null if a
 * signal ended the child.
 */
export async function forwardOutput(child: ChildProcess): Promise<number | null> {
  const { stdout, stderr } = child
  // `pipe` is not used. It would stop reading if our own reader has closed its end, and the child
  // would then wait for its output to be read.
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
