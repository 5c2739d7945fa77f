import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { systemClock } from '../lib/core/clock.ts'
import { pause } from '../lib/core/deadline.ts'
import { HarmlessStream } from '../lib/core/terminal/harmless-stream.ts'

/** What a child wrote last is read within moments of its exit; only a process that it left behind holds its output open for longer. */
const READ_REST_MS = 1_000

/** Passes on what a child prints in pipes until it has exited, but no control sequence beside colours, and returns its exit code; null when a signal ended it. */
export async function passOn(child: ChildProcess): Promise<number | null> {
  const { stdout, stderr } = child
  // No `pipe`: that stops to read when nobody reads us any more, and the child would wait.
  const ends = [pass(stdout, process.stdout), pass(stderr, process.stderr)]
  const closed = once(child, 'close')
  await once(child, 'exit')
  const read = new AbortController()
  await Promise.race([closed, pause(READ_REST_MS, systemClock, read.signal)])
  read.abort()
  stdout?.destroy()
  stderr?.destroy()
  for (const end of ends) end()
  return child.exitCode
}

function pass(from: Readable | null, to: NodeJS.WriteStream): () => void {
  const stream = new HarmlessStream()
  from?.on('data', (piece: Buffer) => to.write(stream.write(piece)))
  return () => to.write(stream.end())
}
