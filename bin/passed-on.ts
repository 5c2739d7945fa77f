import type { ChildProcess, StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { systemClock } from '../lib/core/clock.ts'
import { pause } from '../lib/core/deadline.ts'

/** What a child wrote last is read within moments of its exit; only a process that it left behind holds its output open for longer. */
const READ_REST_MS = 1_000

/**
 * How a child is given our output: a terminal itself, so that it colours what it prints. A pipe goes by us, since its reader may leave
 * (`automate-tui test | head`), and a program that does not expect that ends in the middle of its work.
 */
export function outputOfChild(): StdioOptions {
  const way = ({ isTTY }: { isTTY?: boolean }) => (isTTY === true ? 'inherit' : 'pipe')
  return ['inherit', way(process.stdout), way(process.stderr)]
}

/** Passes on what a child prints until it has exited, and answers its exit code; null when a signal ended it. */
export async function passOn(child: ChildProcess): Promise<number | null> {
  const { stdout, stderr } = child
  // No `pipe`: that stops to read when nobody reads us any more, and the child would wait.
  stdout?.on('data', (chunk: Buffer) => process.stdout.write(chunk))
  stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk))
  const closed = once(child, 'close')
  await once(child, 'exit')
  const read = new AbortController()
  await Promise.race([closed, pause(READ_REST_MS, systemClock, read.signal)])
  read.abort()
  stdout?.destroy()
  stderr?.destroy()
  return child.exitCode
}
