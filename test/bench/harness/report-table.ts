import { PARTS } from './cpu-shares.ts'
import type { Part } from './cpu-shares.ts'
import type { ReportRow, TopicReport } from './topic-report.ts'
import type { Summary } from './statistics.ts'

const BYTES_A_MEGABYTE = 1_000_000

/** Formats a value with three digits, because a shared machine's figures mean no more. */
function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toFixed(decimals)
}

function value(summary: Summary, scale = 1): string {
  return summary.median === null ? 'n/a' : digits(summary.median / scale)
}

function times(summary: Summary): string {
  return summary.ratio === null ? '' : `×${digits(summary.ratio)}`
}

function range({ lowestRatio, highestRatio }: Summary): string {
  if (lowestRatio === null || highestRatio === null || lowestRatio === highestRatio) return ''
  return `${digits(lowestRatio)}–${digits(highestRatio)}`
}

function cells(row: ReportRow): string[] {
  return [
    row.name,
    value(row.figure),
    times(row.figure),
    range(row.figure),
    value(row.cpuMsPerUnit),
    times(row.cpuMsPerUnit),
    value(row.peakBytes, BYTES_A_MEGABYTE),
    times(row.peakBytes),
  ]
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows.map(row =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** Returns the table of CPU time by owner for every competitor: in ms a unit, and as a share. */
function partsTable(rows: readonly ReportRow[], unit: string): string[] {
  const parted = rows.filter(({ cpuParts }) => cpuParts.length > 0)
  if (parted.length === 0) return []
  const cell = (row: ReportRow, part: Part) => {
    const found = row.cpuParts.find(one => one.part === part)
    return found === undefined ? '' : `${digits(found.msPerUnit)} ${Math.round(found.share * 100)} %`
  }
  const lines = parted.map(row => [row.name, ...PARTS.map(part => cell(row, part))])
  return [
    `Where the CPU time goes (ms a ${unit}, and the share of all):`,
    ...align([['', ...PARTS], ...lines]),
  ]
}

/**
 * Returns a topic's report as lines of text: medians, each with its ratio to the baseline and, for
 * the first figure, the range of that ratio.
 */
export function reportTable(report: TopicReport): string[] {
  const figure = report.figure === 'rate' ? `${report.unit}s/s` : `ms a ${report.unit}`
  const better = report.figure === 'rate' ? 'more is better' : 'less is better'
  const head = ['', figure, 'ratio', 'range', `CPU ms a ${report.unit}`, 'ratio', 'peak MB', 'ratio']
  const measured = report.rows.filter(row => row.state === 'measured')
  const left = report.rows.filter(row => row.state !== 'measured')
  return [
    `${report.topic}: ${report.title}`,
    `(${better}; ratios to "${report.baseline}", taken round by round)`,
    ...align([head, ...measured.map(cells)]),
    ...partsTable(measured, report.unit),
    ...left.map(row => `${row.name}: ${row.state}. ${row.reason ?? ''}`),
  ]
}
