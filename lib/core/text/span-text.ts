const SECONDS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** Formats a duration in its two largest units, such as `1 d 2 h`. */
export function spanText(ms: number): string {
  let rest = Math.round(Math.abs(ms) / 1_000)
  const parts = SECONDS.flatMap(([unit, seconds]) => {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.slice(0, 2).join(' ')
}
