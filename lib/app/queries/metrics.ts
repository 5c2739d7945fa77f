import { systemClock } from '../../core/time/clock.ts'
import type { WorkerDocument } from '../../model/worker/documents.ts'
import { MetricsDocument } from '../../model/metrics.ts'
import type { MetricsSample } from '../../model/metrics.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import type { ProjectState } from './project-state.ts'

const A_DAY_MS = 24 * 60 * 60_000

/** Current use of all processes of a project, and the sample with the most memory in a day. */
export interface MetricsSummary {
  readonly last: MetricsSample
  readonly most: MetricsSample
}

/**
 * Returns the use of the last day; null without a measurement. `state` has the current values of
 * the processes, which are newer than the last stored sample.
 */
export function readMetrics(
  path: string,
  state: Pick<ProjectState, 'scheduler' | 'workers'>,
): MetricsSummary | null {
  const since = systemClock.now() - A_DAY_MS
  const samples = [...samplesIn(path).filter(({ at }) => at >= since), ...sampleOf(state)]
  const last = samples.at(-1)
  if (last === undefined) return null
  const most = samples.reduce((best, one) => (one.memoryBytes > best.memoryBytes ? one : best), last)
  return { last, most }
}

/**
 * Returns the sum of the last values of all living processes; empty if the scheduler has not
 * measured itself yet.
 */
function sampleOf({ scheduler, workers }: Pick<ProjectState, 'scheduler' | 'workers'>): MetricsSample[] {
  if (scheduler?.use === undefined) return []
  const { updatedAt, use } = scheduler
  const living = workers.filter(({ state }) => state !== 'exited')
  const sum = (of: (worker: WorkerDocument) => number) => living.reduce((all, one) => all + of(one), 0)
  return [
    {
      at: updatedAt,
      workers: living.length,
      schedulerBytes: use.memoryBytes,
      memoryBytes: use.memoryBytes + sum(one => one.memoryBytes),
      cpuPercent: Math.round((use.cpuPercent + sum(one => one.cpuPercent ?? 0)) * 10) / 10,
    },
  ]
}

/**
 * Returns the stored samples. A damaged document is reported and hides nothing else, because the
 * scheduler replaces it.
 */
function samplesIn(path: string): readonly MetricsSample[] {
  try {
    return readJsonIfExistsSync(path, MetricsDocument)?.samples ?? []
  } catch (error) {
    process.stderr.write(`${sanitiseLine(messageOf(error))}\n`)
    return []
  }
}
