import { AutomateError } from '../errors/errors.ts'

const UNIT_BYTES = new Map([
  ['B', 1],
  ['KB', 1024],
  ['MB', 1024 ** 2],
  ['GB', 1024 ** 3],
])

/**
 * Parses a size as people write it, `'50MB'`, `'1.5GB'`, `'64KB'` or `'512B'`, and returns it in
 * bytes. A kilobyte has 1,024 bytes.
 * @throws `usage` if the text is not a positive size.
 */
export function sizeBytes(size: string): number {
  const bytes = parse(size)
  if (!isPositive(bytes)) {
    throw new AutomateError(
      'usage',
      `"${size}" is not a size. Write a number with KB, MB or GB, such as "50MB".`,
    )
  }
  return bytes
}

/** Formats a number of bytes for people, with at most one decimal place: `1.5GB`, `50MB`. */
export function sizeText(bytes: number): string {
  const [unit, unitBytes] = [...UNIT_BYTES].findLast(([, each]) => bytes >= each) ?? ['B', 1]
  return `${Math.round((bytes / unitBytes) * 10) / 10}${unit}`
}

/** True if a text is a positive size, such as `'50MB'`. */
export function isSize(size: string): boolean {
  return isPositive(parse(size))
}

const isPositive = (bytes: number) => Number.isFinite(bytes) && bytes > 0

function parse(size: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(B|KB|MB|GB)$/.exec(size.trim()) ?? []
  return Math.round(Number(number) * (UNIT_BYTES.get(unit) ?? NaN))
}
