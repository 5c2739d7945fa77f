import { AutomateError } from '../../../lib/core/errors/errors.ts'

/** One figure of one competitor over all rounds, with its ratio to the baseline. */
export interface Summary {
  readonly median: number | null
  /** Median of the ratios to the baseline, round by round; 1 for the baseline itself. */
  readonly ratio: number | null
  readonly lowestRatio: number | null
  readonly highestRatio: number | null
}

/**
 * Returns the median; for an even number of values the mean of the two in the middle.
 * @throws `bug` if there are no values.
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined)
    throw new AutomateError('bug', 'There is no median of nothing: check that a round was measured.')
  return (lower + upper) / 2
}

/**
 * Returns value over baseline for each round that has both. Runs close in time share the machine's
 * load, so a ratio within a round is more reliable than a ratio of medians.
 */
export function roundRatios(
  values: readonly (number | null)[],
  baseline: readonly (number | null)[],
): number[] {
  return values.flatMap((value, round) => {
    const base = baseline[round]
    return value === null || base === undefined || base === null || base === 0 ? [] : [value / base]
  })
}

/**
 * Returns the median and ratios of all rounds' figures. `null` marks a round without that figure.
 */
export function summarise(values: readonly (number | null)[], baseline: readonly (number | null)[]): Summary {
  const known = values.filter(value => value !== null)
  const ratios = roundRatios(values, baseline)
  return {
    median: known.length === 0 ? null : median(known),
    ratio: ratios.length === 0 ? null : median(ratios),
    lowestRatio: ratios.length === 0 ? null : Math.min(...ratios),
    highestRatio: ratios.length === 0 ? null : Math.max(...ratios),
  }
}
