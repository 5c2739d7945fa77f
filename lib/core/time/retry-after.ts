/** Matches seconds, which are whole in RFC 9110. */
const SECONDS = /^\d{1,9}$/

/**
 * Matches the beginning of a date. Dates of RFC 9110 begin with a day of the week, while
 * `Date.parse` accepts nearly any text ("-1" is January 2001).
 */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

/**
 * Returns the pause that a response requests in `Retry-After`: seconds, or a date for its end. A
 * date counts from the response's own `Date`, so that the clocks of site and machine may differ.
 * Null if the header is missing or cannot be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const asked = headers['retry-after']?.trim()
  if (asked === undefined || asked === '') return null
  if (SECONDS.test(asked)) return Number(asked) * 1_000
  const until = dateOf(asked)
  if (Number.isNaN(until)) return null
  const answeredAt = dateOf(headers['date'] ?? '')
  return Math.max(0, until - (Number.isNaN(answeredAt) ? now : answeredAt))
}

const dateOf = (text: string): number => (DATE.test(text) ? Date.parse(text) : NaN)
