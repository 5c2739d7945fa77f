import t from 'tap'
import { dueTimes, isActive, nextOpening } from '../../../lib/model/schedule/due-times.ts'
import { nextRuns, runAt } from '../../../lib/model/job/run-times.ts'
import { schedule, utc } from '../../helpers/builders/schedule.ts'

const ROME = { timeZone: 'Europe/Rome' }
const NEW_YORK = { timeZone: 'America/New_York' }

const show = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString().slice(5, 16))

/** Returns the due times after one instant and before another. */
function between(said: Parameters<typeof schedule>[0], from: string, to: string): string[] {
  const due = dueTimes(schedule(said, utc(from)))
  const found: string[] = []
  for (let at = due.next(utc(from)); at !== null && at < utc(to); at = due.next(at)) found.push(show(at))
  return found
}

// In Rome the clock goes from 02:00 to 03:00 on 28 March 2027 (01:00 UTC), and from 03:00 back to
// 02:00 on 25 October 2026 (01:00 UTC). In New York the clock goes from 02:00 to 03:00 on 14 March
// 2027 (07:00 UTC), and from 02:00 back to 01:00 on 1 November 2026 (06:00 UTC).
const DAYLIGHT: readonly (readonly [
  what: string,
  said: Parameters<typeof schedule>[0],
  from: string,
  to: string,
  due: readonly string[],
])[] = [
  [
    'a skipped time is due after the clock change',
    { cron: '30 2 * * *', ...ROME },
    '2027-03-27 00:00',
    '2027-03-30 00:00',
    ['03-27T01:30', '03-28T01:00', '03-29T00:30'],
  ],
  [
    'two skipped times of one list are due once',
    { cron: '10,40 2 * * *', ...ROME },
    '2027-03-28 00:00',
    '2027-03-29 00:00',
    ['03-28T01:00'],
  ],
  [
    'a repeated time is due once, the first time',
    { cron: '30 2 * * *', ...ROME },
    '2026-10-24 00:00',
    '2026-10-27 00:00',
    ['10-24T00:30', '10-25T00:30', '10-26T01:30'],
  ],
  [
    'a frequent schedule continues through the repeated hour',
    { cron: '*/30 * * * *', ...ROME },
    '2026-10-24 23:45',
    '2026-10-25 02:15',
    ['10-25T00:00', '10-25T00:30', '10-25T01:00', '10-25T01:30', '10-25T02:00'],
  ],
  [
    'a frequent schedule continues across the skipped hour',
    { cron: '*/30 * * * *', ...ROME },
    '2027-03-28 00:15',
    '2027-03-28 02:15',
    ['03-28T00:30', '03-28T01:00', '03-28T01:30', '03-28T02:00'],
  ],
  [
    'in New York in spring',
    { cron: '30 2 * * *', ...NEW_YORK },
    '2027-03-13 00:00',
    '2027-03-16 00:00',
    ['03-13T07:30', '03-14T07:00', '03-15T06:30'],
  ],
  [
    'in New York in autumn',
    { cron: '30 1 * * *', ...NEW_YORK },
    '2026-10-31 00:00',
    '2026-11-03 00:00',
    ['10-31T05:30', '11-01T05:30', '11-02T06:30'],
  ],
  [
    'an interval counts elapsed time, not local time',
    { every: '12h', ...ROME },
    '2027-03-27 12:00',
    '2027-03-29 00:01',
    ['03-28T00:00', '03-28T12:00', '03-29T00:00'],
  ],
  [
    'active hours are local time',
    { cron: '0 * * * *', activeHours: '01:30-04:30', ...ROME },
    '2027-03-27 12:00',
    '2027-03-28 12:00',
    ['03-28T01:00', '03-28T02:00'],
  ],
  [
    'active hours within a repeated hour occur twice',
    { cron: '*/15 * * * *', activeHours: '01:30-02:30', ...NEW_YORK },
    '2026-11-01 04:00',
    '2026-11-02 00:00',
    ['11-01T05:30', '11-01T05:45', '11-01T06:30', '11-01T06:45', '11-01T07:00', '11-01T07:15'],
  ],
  [
    'active hours that begin before a repeated hour last through both',
    { cron: '0 */2 * * *', activeHours: '01:30-02:30', ...ROME },
    '2026-10-24 12:00',
    '2026-10-25 12:00',
    ['10-25T00:00', '10-25T01:00'],
  ],
  [
    'active hours may span midnight',
    { cron: '0 */4 * * *', activeHours: '22:00-06:00', timeZone: 'UTC' },
    '2026-06-01 00:00',
    '2026-06-03 01:00',
    ['06-01T04:00', '06-02T00:00', '06-02T04:00', '06-03T00:00'],
  ],
]

for (const [what, said, from, to, due] of DAYLIGHT) {
  t.test(`due times: ${what}`, async t => {
    t.strictSame(between(said, from, to), due)
    const times = dueTimes(schedule(said, utc(from)))
    for (let at = times.next(utc(from)); at !== null && at < utc(to); at = times.next(at)) {
      t.equal(show(times.last(at)), show(at), 'the reverse search finds the same times')
      t.equal(show(times.last(at + 999)), show(at))
    }
    t.equal(show(times.last(utc(to) - 1)), due.at(-1), 'the reverse search works from a later time too')
  })
}

t.test(
  'the next time of an every-second schedule with few active hours is computed, not searched',
  async t => {
    const said = schedule({ cron: '* * * * * *', activeHours: '08:00-08:01', timeZone: 'UTC' })
    const due = dueTimes(said)
    t.equal(show(due.next(utc('2026-06-01 08:01'))), '06-02T08:00')
    t.equal(new Date(due.last(utc('2026-06-01 23:00')) ?? 0).toISOString(), '2026-06-01T08:00:59.000Z')
    t.equal(
      show(dueTimes(schedule({ every: '1s', activeHours: '08:00-08:01', timeZone: 'UTC' })).next(1_000)),
      '01-01T08:00',
    )
  },
)

t.test('active hours open at the hour of the time zone', async t => {
  const said = schedule({ every: '1h', activeHours: '22:00-06:00', ...ROME })
  t.equal(isActive(said, utc('2026-06-01 20:00')), true)
  t.equal(isActive(said, utc('2026-06-01 19:59')), false)
  t.equal(isActive(said, utc('2026-06-01 04:00')), false)
  t.equal(show(nextOpening(said, utc('2026-06-01 04:00'))), '06-01T20:00')
})

t.test('jitter is constant, evenly distributed, and never reaches the next due time', async t => {
  const said = schedule({ cron: '*/10 * * * *', jitter: '1h', timeZone: 'UTC' })
  const due = dueTimes(said)
  const shares: number[] = []
  for (let at = due.next(0) ?? 0; shares.length < 1_000; at = due.next(at) ?? 0) {
    t.equal(runAt(said, at), runAt({ ...said }, at))
    shares.push((runAt(said, at) - at) / 600_000)
  }
  t.ok(shares.every(share => share >= 0 && share < 1))
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  t.ok(mean > 0.45 && mean < 0.55, `the mean is ${mean}`)
  const at = utc('2026-06-01 10:00')
  t.not(runAt(said, at), runAt({ ...said, name: 'other' }, at), 'another schedule has another jitter')
  const closing = schedule({
    cron: '59 19 * * *',
    jitter: '30m',
    activeHours: '08:00-20:00',
    timeZone: 'UTC',
  })
  for (const begins of nextRuns(closing, 0, 50)) t.ok(isActive(closing, begins), 'no run begins after hours')
})

t.test('the next runs are those that have not begun', async t => {
  const said = schedule({ cron: '0 * * * *', jitter: '20m', timeZone: 'UTC' }, utc('2026-06-01 09:30'))
  const [first = 0, second = 0] = nextRuns(said, utc('2026-06-01 09:30'), 2)
  t.equal(show(first).slice(0, 8), '06-01T10')
  t.ok(first > utc('2026-06-01 10:00') && first < utc('2026-06-01 10:20'))
  t.strictSame(
    nextRuns(said, utc('2026-06-01 10:00'), 1),
    [first],
    'a run that waits for its jitter is still ahead',
  )
  t.strictSame(nextRuns(said, first, 1), [second])
  const done = { ...said, consideredAt: utc('2026-06-01 10:00') }
  t.strictSame(nextRuns(done, utc('2026-06-01 10:00'), 1), [second], 'a considered run is not')
})
