/** Formats a time in milliseconds since the Unix epoch as local time: `2026-03-23 14:05:09`. */
export function localTime(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${date.toTimeString().slice(0, 8)}`
}
