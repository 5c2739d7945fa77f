import { systemClock } from '../../../lib/core/time/clock.ts'
import type { Measurement } from './competitor.ts'

/** Times the whole of `work`, which does `units` units. */
export async function timeRate(units: number, work: () => Promise<void>): Promise<Measurement> {
  const startedAt = systemClock.monotonic()
  await work()
  return { units, wallMs: systemClock.monotonic() - startedAt, samplesMs: [] }
}

/**
 * Does `units` units one after another; `unit` says how long each took, so that what is around it
 * stays out.
 */
export async function timeEach(units: number, unit: () => Promise<number>): Promise<Measurement> {
  const startedAt = systemClock.monotonic()
  const samplesMs: number[] = []
  while (samplesMs.length < units) samplesMs.push(await unit())
  return { units, wallMs: systemClock.monotonic() - startedAt, samplesMs }
}
