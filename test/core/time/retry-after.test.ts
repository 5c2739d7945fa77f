import t from 'tap'
import { retryAfterMs } from '../../../lib/core/time/retry-after.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const AT_TEN_PAST = 'Sun, 01 Mar 2026 12:10:00 GMT'

t.test('reads Retry-After in seconds, or as a date by the clock of the response', async t => {
  const table: readonly [headers: Record<string, string>, ms: number | null][] = [
    [{}, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': ' 30 ' }, 30_000],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': '1.5e3' }, null],
    [{ 'retry-after': '9'.repeat(400) }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': AT_TEN_PAST }, 600_000],
    [{ 'retry-after': AT_TEN_PAST, date: 'Sun, 01 Mar 2026 12:09:00 GMT' }, 60_000],
    [{ 'retry-after': AT_TEN_PAST, date: 'Sun, 01 Mar 2026 12:11:00 GMT' }, 0],
    [{ 'retry-after': AT_TEN_PAST, date: 'no date' }, 600_000],
  ]
  for (const [headers, ms] of table) t.equal(retryAfterMs(headers, NOW), ms, JSON.stringify(headers))
})
