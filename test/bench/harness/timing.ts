import { systemClock } from '../../../lib/core/time/clock.ts'
import type { Measurement } from './competitor.ts'

/** Times the whole of `work`, which does `units` units. */
export async function timeRate(units: number, work: () => Promise<void>): Promise<Measurement> {
  const startedAt = systemClock.monotonic()
  await work()
  return { units, wallMs: systemClock.monotonic() - startedAt, samplesMs: [] }
}

/**
 * Runs `units` units one after another. `unit` returns its own time, so that the work around it
 * does not count.
 */
export async function timeEach(units: number, unit: () => Promise<number>): Promise<Measurement> {
  const startedAt = systemClock.monotonic()
  const samplesMs: number[] = []
  while (samplesMs.length < units) samplesMs.push(await unit())
  return { units, wallMs: systemClock.monotonic() - startedAt, samplesMs }
}
