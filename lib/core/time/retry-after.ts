/** Matches a number of seconds, which must be a whole number by RFC 9110. */
const SECONDS = /^\d{1,9}$/

/**
 * Matches the beginning of a date. Dates in RFC 9110 begin with a day of the week. The check is
 * needed because `Date.parse` accepts nearly any text ("-1" is January 2001).
 */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

/**
 * Returns the delay that a response requests in `Retry-After`, in milliseconds. The header is a
 * number of seconds or a date. A date is compared with the `Date` header of the response, so that
 * the clocks of the site and of this machine may differ. Returns null if the header is missing or
 * invalid.
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
