import { systemClock } from '../../../lib/core/time/clock.ts'
import { delay } from '../../../lib/core/time/timeout.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { makeProject } from '../ours/project.ts'
import { BusyProject, LINES_A_SECOND, WORKERS } from './busy-project.ts'
import { ConsoleTerminal } from './console-terminal.ts'

const KEYS = [
  ['2', 'opened Jobs'],
  ['4', 'opened Logs'],
  ['1', 'opened Dashboard'],
] as const

/** Keys of a run for each requested start, because a 95th percentile needs many. */
const KEYS_A_START = 10

/** Pause between keys: no person presses faster, and it is out of step with the frames. */
const PAUSE_MS = 50
const STRAY_MS = 37

/** Time until the console shows the findings of its start. */
const SETTLE_MS = 2_000

const SHARE = 0.95

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}

async function run({ scratch, browserPath, starts }: BenchOptions, busy: boolean): Promise<Measurement> {
  makeProject(scratch, { workers: 1, browserPath, settings: { warmWorkers: 0 } })
  const terminal = new ConsoleTerminal(scratch)
  await terminal.sees('● scheduling')
  const project = busy ? new BusyProject(scratch) : null
  project?.start()
  if (busy) await terminal.sees('read_price')
  await delay(SETTLE_MS, systemClock)
  const startedAt = systemClock.monotonic()
  const took: number[] = []
  for (let count = 0; count < starts * KEYS_A_START; count += 1) {
    const [key, text] = KEYS[count % KEYS.length] ?? KEYS[0]
    await delay(PAUSE_MS + ((count * STRAY_MS) % PAUSE_MS), systemClock)
    took.push(await terminal.pressed(key, text))
  }
  const wallMs = systemClock.monotonic() - startedAt
  project?.stop()
  await terminal.close()
  return { units: took.length, wallMs, samplesMs: [percentile(took, SHARE)] }
}

export const idle: Competitor = {
  name: 'idle',
  spawnsProgram: true,
  run: options => run(options, false),
}

export const busy: Competitor = {
  name: `${WORKERS} workers, ${LINES_A_SECOND} lines a second`,
  spawnsProgram: true,
  run: options => run(options, true),
}
