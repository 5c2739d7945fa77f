import type { Measurement, Topic } from './competitor.ts'
import type { Series } from './measure-topic.ts'
import type { Outcome } from './run-competitor.ts'
import { PARTS } from './cpu-shares.ts'
import type { Part } from './cpu-shares.ts'
import { median, summarise } from './statistics.ts'
import type { Summary } from './statistics.ts'

/** One line of the report. `reason` explains why a competitor has no figures. */
export interface ReportRow {
  readonly name: string
  readonly state: 'measured' | 'unfit' | 'failed'
  readonly reason?: string
  /** Units a second, or milliseconds a unit. */
  readonly figure: Summary
  readonly cpuMsPerUnit: Summary
  /** Peak memory of the whole process tree (PSS). */
  readonly peakBytes: Summary
  /** CPU time by owner, in ms a unit, and as a share of the total. */
  readonly cpuParts: readonly CpuPart[]
}

export interface CpuPart {
  readonly part: Part
  readonly msPerUnit: number
  readonly share: number
}

/** Figures of one topic, as `--json` prints them. */
export interface TopicReport {
  readonly topic: string
  readonly title: string
  readonly unit: string
  readonly figure: Topic['figure']
  readonly baseline: string
  readonly rows: readonly ReportRow[]
}

const MS_A_SECOND = 1000

function figureOf(figure: Topic['figure'], measurement: Measurement): number {
  return figure === 'rate'
    ? (measurement.units / measurement.wallMs) * MS_A_SECOND
    : median(measurement.samplesMs)
}

type Measured = Extract<Outcome, { kind: 'measured' }>
type Read = (outcome: Measured) => number | null

function valuesOf(series: Series | undefined, read: Read): (number | null)[] {
  return (series?.outcomes ?? []).map(outcome => (outcome.kind === 'measured' ? read(outcome) : null))
}

/** Returns the medians of all rounds for each part that used CPU time. */
function cpuPartsOf(series: Series): CpuPart[] {
  const all = PARTS.map(part => {
    const values = valuesOf(series, ({ measurement, use }) =>
      use.parts === null ? null : use.parts[part] / measurement.units,
    )
    const known = values.filter(value => value !== null)
    return { part, msPerUnit: known.length === 0 ? 0 : median(known) }
  }).filter(({ msPerUnit }) => msPerUnit > 0)
  const total = all.reduce((sum, { msPerUnit }) => sum + msPerUnit, 0)
  return all.map(part => ({ ...part, share: part.msPerUnit / total }))
}

/**
 * Returns medians and ratios to the baseline from the outcomes of all rounds, in the topic's order.
 */
export function reportTopic(topic: Topic, all: readonly Series[], baseline: string): TopicReport {
  const base = all.find(({ competitor }) => competitor.name === baseline)
  const rows = all.map((series): ReportRow => {
    const summary = (read: Read) => summarise(valuesOf(series, read), valuesOf(base, read))
    const missing = series.outcomes.find(outcome => outcome.kind !== 'measured')
    return {
      name: series.competitor.name,
      ...(missing === undefined ? { state: 'measured' } : { state: missing.kind, reason: missing.reason }),
      figure: summary(({ measurement }) => figureOf(topic.figure, measurement)),
      cpuMsPerUnit: summary(({ measurement, use }) =>
        use.cpuMs === null || !topic.countsCpu ? null : use.cpuMs / measurement.units,
      ),
      peakBytes: summary(({ use }) => use.peakBytes),
      cpuParts: topic.countsCpu ? cpuPartsOf(series) : [],
    }
  })
  return { topic: topic.name, title: topic.title, unit: topic.unit, figure: topic.figure, baseline, rows }
}
