import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { WorkerDocument } from '../../../model/worker/documents.ts'
import { MAX_SAMPLES, MetricsDocument } from '../../../model/metrics.ts'
import type { MetricsSample } from '../../../model/metrics.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../../files/documents/atomic-json.ts'
import { ownMemory } from '../../../platform/process/own-memory.ts'
import { CpuUsage } from '../../../platform/process/cpu-usage.ts'
import { documentOf } from '../workers/worker-files.ts'

/**
 * Interval of the samples. The samples of a day remain small, and a leak still shows within
 * minutes.
 */
const SAMPLE_EVERY_MS = 60_000

/**
 * Age up to which a measurement is reused. The scheduler's document is written far more often, and
 * the processor load over a shorter time would be meaningless.
 */
const FRESH_MS = 1_500

/** Memory in bytes, and processor time in percent of one processor. */
interface ProcessUse {
  readonly memoryBytes: number
  readonly cpuPercent: number
}

export interface MetricsDependencies {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  readonly workers: () => readonly { readonly workerId: string }[]
}

/**
 * Measures this process, and stores the use of this process and its workers over the last day.
 * Workers measure themselves and their browsers.
 */
export class Metrics {
  private readonly deps: MetricsDependencies
  private readonly load: CpuUsage
  private samples: readonly MetricsSample[]
  private nextAt = -Infinity
  private use: ProcessUse = { memoryBytes: 0, cpuPercent: 0 }
  private lookedAt = -Infinity

  constructor(deps: MetricsDependencies) {
    this.deps = deps
    this.load = new CpuUsage(deps.clock)
    this.samples = this.earlier()
  }

  /** Returns the current use of this process. Stores a sample if one is due. Never throws. */
  measure(): ProcessUse {
    const now = this.deps.clock.monotonic()
    if (now - this.lookedAt < FRESH_MS) return this.use
    this.lookedAt = now
    this.use = { memoryBytes: ownMemory(), cpuPercent: this.load.percent() ?? 0 }
    if (now >= this.nextAt) {
      this.nextAt = now + SAMPLE_EVERY_MS
      this.keep(this.use)
    }
    return this.use
  }

  private keep({ memoryBytes, cpuPercent }: ProcessUse): void {
    const { paths, clock, log, workers } = this.deps
    const documents = workers().flatMap(({ workerId }) => documentOf(paths, workerId) ?? [])
    const sum = (of: (document: WorkerDocument) => number) => documents.reduce((all, one) => all + of(one), 0)
    const sample: MetricsSample = {
      at: clock.now(),
      workers: documents.length,
      schedulerBytes: memoryBytes,
      memoryBytes: memoryBytes + sum(one => one.memoryBytes),
      cpuPercent: Math.round((cpuPercent + sum(one => one.cpuPercent ?? 0)) * 10) / 10,
    }
    this.samples = [...this.samples, sample].slice(-MAX_SAMPLES)
    const document: MetricsDocument = { kind: 'metrics', version: 1, samples: [...this.samples] }
    try {
      writeJsonSync(paths.metrics, document)
    } catch (error) {
      log.debug(`The metrics of the processes could not be stored: ${messageOf(error)}`)
    }
  }

  /**
   * Returns the stored samples. A damaged file is logged and replaced, because the samples are only
   * informative.
   */
  private earlier(): readonly MetricsSample[] {
    try {
      return readJsonIfExistsSync(this.deps.paths.metrics, MetricsDocument)?.samples ?? []
    } catch (error) {
      this.deps.log.warn(`${messageOf(error)} The file is started again.`)
      return []
    }
  }
}
