/** Figures of one check of a long run, by name. */
export type Sample<Name extends string> = Readonly<Record<Name, number>>

/**
 * Trend of a figure: its medians over the first and the last quarter of the checks, and its
 * maximum.
 */
export interface Trend<Name extends string> {
  readonly name: Name
  readonly first: number
  readonly last: number
  readonly highest: number
}

const QUARTERS = 4

/** Returns one trend a figure, in the order of the first sample. Empty without samples. */
export function trendsOf<Name extends string>(
  names: readonly Name[],
  samples: readonly Sample<Name>[],
): Trend<Name>[] {
  const quarter = Math.ceil(samples.length / QUARTERS)
  if (quarter === 0) return []
  return names.map(name => {
    const values = samples.map(sample => sample[name])
    return {
      name,
      first: median(values.slice(0, quarter)),
      last: median(values.slice(-quarter)),
      highest: Math.max(...values),
    }
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
