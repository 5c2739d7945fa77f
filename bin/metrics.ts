import { systemClock } from '../lib/core/clock.ts'
import { MetricsDocument } from '../lib/domain/metrics.ts'
import type { MetricsSample } from '../lib/domain/metrics.ts'
import { readJsonIfExistsSync } from '../lib/files/atomic-json.ts'
import { messageOf } from '../lib/core/errors.ts'
import { sanitiseLine } from '../lib/core/sanitise.ts'

const A_DAY_MS = 24 * 60 * 60_000

/** What all processes of a project used last, and the most that they held at once in a day; null where nothing was measured. */
export interface MetricsSummary {
  readonly last: MetricsSample
  readonly most: MetricsSample
}

export function readMetrics(path: string): MetricsSummary | null {
  const since = systemClock.now() - A_DAY_MS
  const samples = samplesIn(path).filter(({ at }) => at >= since)
  const last = samples.at(-1)
  if (last === undefined) return null
  const most = samples.reduce((best, one) => (one.memoryBytes > best.memoryBytes ? one : best), last)
  return { last, most }
}

/** A damaged document is begun anew by the scheduler, and hides nothing else. */
function samplesIn(path: string): readonly MetricsSample[] {
  try {
    return readJsonIfExistsSync(path, MetricsDocument)?.samples ?? []
  } catch (error) {
    process.stderr.write(`${sanitiseLine(messageOf(error))}\n`)
    return []
  }
}
