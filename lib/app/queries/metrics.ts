import { systemClock } from '../../core/time/clock.ts'
import type { WorkerDocument } from '../../model/worker/documents.ts'
import { MetricsDocument } from '../../model/metrics.ts'
import type { MetricsSample } from '../../model/metrics.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import type { ProjectState } from './project-state.ts'

const A_DAY_MS = 24 * 60 * 60_000

/**
 * Resources that all processes of a project use now (`last`), and the sample of the last 24 hours
 * with the highest memory use (`most`).
 */
export interface MetricsSummary {
  readonly last: MetricsSample
  readonly most: MetricsSample
}

/**
 * Returns the resources that were used in the last 24 hours; null without a measurement. `state`
 * contains the current values of the processes, which are newer than the last stored sample.
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
 * Returns one sample, the sum of the latest values of all running processes; empty if the scheduler
 * has not measured itself yet.
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
 * Returns the stored samples. If their document is damaged, reports that on stderr and returns
 * none, because the scheduler will replace the document.
 */
function samplesIn(path: string): readonly MetricsSample[] {
  try {
    return readJsonIfExistsSync(path, MetricsDocument)?.samples ?? []
  } catch (error) {
    process.stderr.write(`${sanitiseLine(messageOf(error))}\n`)
    return []
  }
}
