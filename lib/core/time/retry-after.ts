/** Seconds, as whole as RFC 9110 has them. */
const SECONDS = /^\d{1,9}$/

/** The dates of RFC 9110 begin with a day of the week; `Date.parse` makes one out of nearly anything ("-1" is January 2001). */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

/**
 * How long an answer asks to be left alone, from its `Retry-After`: seconds, or the date until when. A date counts from the answer's own `Date`, so that the clocks of site and machine
 * may differ. Null for an answer that does not say, or says nothing that can be read.
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
