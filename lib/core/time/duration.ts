import { AutomateError } from '../errors/errors.ts'

/**
 * A duration as people write it: `'20s'`, `'1.5m'`, `'250ms'`, `'2h'`, `'7d'`, or a number of
 * milliseconds.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * Converts a duration to milliseconds.
 * @throws `usage` if the value is not a positive, finite duration.
 */
export function durationMs(duration: number | string): number {
  const ms = parse(duration)
  if (!isPositive(ms)) {
    throw new AutomateError(
      'usage',
      `"${duration}" is not a duration. Write a number with ms, s, m, h or d, such as "20s".`,
    )
  }
  return ms
}

/** Formats a duration in the largest unit that represents it as a whole number: `15m`, `90s`. */
export function durationText(ms: number): string {
  const [unit, size] = [...UNIT_MS].findLast(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

export function isDuration(duration: number | string): boolean {
  return isPositive(parse(duration))
}

const isPositive = (ms: number) => Number.isFinite(ms) && ms > 0

const parse = (duration: number | string) => (typeof duration === 'number' ? duration : parseText(duration))

function parseText(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  return match ? Number(match[1]) * (UNIT_MS.get(match[2] ?? '') ?? NaN) : NaN
}
