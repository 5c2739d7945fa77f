/** Seconds, as whole as RFC 9110 has them. */
const SECONDS = /^\d{1,9}$/

/**
 * How long an answer asks to be left alone, from its `Retry-After`: seconds, or the date until when. A date counts from the answer's own `Date`, so that the clocks of site and machine
 * may differ. Null for an answer that does not say, or says nothing that can be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const asked = headers['retry-after']?.trim()
  if (asked === undefined || asked === '') return null
  if (SECONDS.test(asked)) return Number(asked) * 1_000
  const until = Date.parse(asked)
  if (Number.isNaN(until)) return null
  const answeredAt = Date.parse(headers['date'] ?? '')
  return Math.max(0, until - (Number.isNaN(answeredAt) ? now : answeredAt))
}
