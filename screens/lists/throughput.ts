import { jobsEnded, jobsWaiting } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'

/** State of the queue over one interval. */
export interface Sample {
  readonly at: number
  readonly waiting: number
  /** Jobs that had ended by then, since the store began. */
  readonly ended: number
}

/** Time that one column of the sparkline covers. */
const SAMPLE_MS = 2_000

/** Maximum number of samples that are kept, one for each column of a very wide screen. */
const SAMPLES_KEPT = 240

/** Adds a snapshot to the samples. The newest sample is updated until its interval is over. */
export function sampled(samples: readonly Sample[], { at, counts }: Snapshot): readonly Sample[] {
  const sample: Sample = {
    at,
    waiting: jobsWaiting(counts),
    ended: jobsEnded(counts),
  }
  const last = samples.at(-1)
  const begun = last === undefined ? undefined : { ...sample, at: last.at }
  if (begun !== undefined && at - begun.at < SAMPLE_MS) return [...samples.slice(0, -1), begun]
  return [...samples, sample].slice(-SAMPLES_KEPT)
}

/** Returns how many jobs ended in each interval. */
export function finishedEach(samples: readonly Sample[]): number[] {
  return samples.map(({ ended }, index) => Math.max(0, ended - (samples[index - 1]?.ended ?? ended)))
}
