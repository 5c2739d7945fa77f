import { fileURLToPath } from 'node:url'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { delay } from '../../../lib/core/time/timeout.ts'
import type { WatchedTerminal } from '../console/console-terminal.ts'
import type { BenchOptions, Measurement } from '../harness/competitor.ts'

/**
 * Number of writers that both competitors show at once. Together they write as much as the topic
 * `console`.
 */
export const WRITERS = 4
export const LINES_A_SECOND = 5_000

export const writerName = (number: number): string => `writer-${number}`

/** Returns the arguments of a writer, with our log file if it writes into one. */
export const writerArgs = (file?: string): string[] => [
  fileURLToPath(new URL('./writer.entry.ts', import.meta.url)),
  String(LINES_A_SECOND / WRITERS),
  ...(file === undefined ? [] : [file]),
]

/** Interval of the keys of a person who mostly watches. */
const KEY_EVERY_MS = 2_000

/** A key, and the text that a painted frame shows after it. */
export interface WatchKey {
  readonly key: string
  readonly shows: string | RegExp
}

/**
 * Watches a screen with running lines, and presses a key every two seconds. CPU time for each key
 * covers two seconds, regardless of its frame's duration.
 */
export async function watched(
  { starts }: BenchOptions,
  terminal: WatchedTerminal,
  keys: readonly WatchKey[],
): Promise<Measurement> {
  const startedAt = systemClock.monotonic()
  const samplesMs: number[] = []
  for (let count = 0; count < starts; count += 1) {
    await delay(Math.max(0, startedAt + (count + 1) * KEY_EVERY_MS - systemClock.monotonic()), systemClock)
    const pressed = keys[count % keys.length]
    if (pressed !== undefined) samplesMs.push(await terminal.pressed(pressed.key, pressed.shows))
  }
  const wallMs = systemClock.monotonic() - startedAt
  return { units: samplesMs.length, wallMs, samplesMs }
}
